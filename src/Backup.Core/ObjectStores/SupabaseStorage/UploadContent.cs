using System.Buffers;
using System.Net;

namespace Backup.Core.ObjectStores.SupabaseStorage;

/// <summary>A request body of known length, streamed and watched for progress. Used for one attempt.</summary>
internal sealed class UploadContent : HttpContent
{
    private const int BufferBytes = 128 * 1024;

    private readonly Stream _content;
    private readonly long _bytes;
    private readonly ProgressWatch _watch;

    public UploadContent(Stream content, long bytes, string contentType, ProgressWatch watch)
    {
        _content = content;
        _bytes = bytes;
        _watch = watch;

        // The server keeps the header as sent, and some media types in use are none that .NET would parse.
        Headers.TryAddWithoutValidation("Content-Type", contentType);
    }

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            int bytes;
            while ((bytes = await _content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                await stream.WriteAsync(buffer.AsMemory(0, bytes), cancellationToken).ConfigureAwait(false);
                _watch.Report();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = _bytes;
        return true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content.Dispose();
        }

        base.Dispose(disposing);
    }
}
