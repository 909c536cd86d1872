using System.IO.Compression;
using Backup.Core.Errors;

namespace Backup.Core.Compression;

/// <summary>The raw bytes of a deflate stream, which must end exactly where its packed bytes do. Used by one caller at a time.</summary>
/// <remarks>
/// <see cref="DeflateStream"/> takes a cut for an end and ignores what follows the final block. Both are found by watching what
/// it asks for: see <see cref="LookaheadStream"/>.
/// </remarks>
internal sealed class DeflateReadStream : ReadOnlyForwardStream
{
    private readonly LookaheadStream _compressed;
    private readonly DeflateStream _inflate;

    public DeflateReadStream(Stream compressed)
    {
        _compressed = new LookaheadStream(compressed);
        _inflate = new DeflateStream(_compressed, CompressionMode.Decompress, leaveOpen: false);
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        int bytes;
        try
        {
            bytes = _inflate.Read(buffer);
        }
        catch (InvalidDataException exception)
        {
            throw NotDeflate(exception);
        }

        return Accept(bytes);
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        int bytes;
        try
        {
            bytes = await _inflate.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException exception)
        {
            throw NotDeflate(exception);
        }

        return Accept(bytes);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _inflate.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inflate.Dispose();
        }

        base.Dispose(disposing);
    }

    private static ArchiveFormatException NotDeflate(InvalidDataException exception) =>
        new("The packed bytes are not valid deflate.", exception);

    private int Accept(int bytes)
    {
        if (bytes > 0)
        {
            return bytes;
        }

        if (_compressed.WasEndAsked)
        {
            throw new ArchiveFormatException("The packed bytes are cut short: they end before the final deflate block does.");
        }

        if (!_compressed.WasLastByteGiven)
        {
            throw new ArchiveFormatException("The packed bytes go on after the final deflate block.");
        }

        return 0;
    }
}
