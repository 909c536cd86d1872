using System.Net;
using Backup.Core.Errors;

namespace Backup.Core.ObjectStores;

/// <summary>Reads one object whole, going on where a transfer broke off, and never mixing two versions.</summary>
/// <remarks>
/// Used by one caller at a time. Servers may ignore If-Match and If-Range (Supabase Storage does), so each answer's ETag and size
/// are compared with the first one's; without an ETag a broken transfer cannot be resumed and starts over only while nothing has
/// been read. Nothing is asked for once all bytes are there: a range that begins at the end is an error, and to some servers an
/// internal one.
/// </remarks>
internal sealed class ResumingDownload : IAsyncDisposable
{
    // A break-off after that much was worth resuming, and does not count against the limit: else a large object on a bad line never ends.
    private const long RewardedBytes = 8 * 1024 * 1024;
    private const string UnknownVersion = "of an unknown version";

    private readonly IObjectStore _store;
    private readonly string _bucket;
    private readonly string _name;
    private readonly int _maxResumes;

    private ObjectContent? _content;
    private long _position;
    private long _resumedAt;
    private int _resumes;
    private bool _isEnded;

    private ResumingDownload(IObjectStore store, string bucket, string name, int maxResumes, ObjectContent content)
    {
        _store = store;
        _bucket = bucket;
        _name = name;
        _maxResumes = maxResumes;
        _content = content;
        TotalBytes = content.TotalBytes;
        ETag = content.ETag;
    }

    /// <summary>The object's size in bytes, as the first answer gave it.</summary>
    public long TotalBytes { get; }

    /// <summary>The ETag of the first answer.</summary>
    public string? ETag { get; }

    /// <summary>Opens an object at its first byte.</summary>
    /// <param name="store">Where it lies.</param>
    /// <param name="bucket">The bucket's id.</param>
    /// <param name="name">The object's name.</param>
    /// <param name="maxResumes">How many break-offs in a row are borne that bring the transfer hardly on.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    public static async Task<ResumingDownload> OpenAsync(
        IObjectStore store, string bucket, string name, int maxResumes, CancellationToken cancellationToken)
    {
        var content = await store.OpenReadAsync(bucket, name, 0, cancellationToken).ConfigureAwait(false);
        return new ResumingDownload(store, bucket, name, maxResumes, content);
    }

    /// <summary>Reads on.</summary>
    /// <returns>The number of bytes; 0 only when all <see cref="TotalBytes"/> have been read.</returns>
    /// <exception cref="ObjectStoreException">The object changed meanwhile, is not as long as announced, or broke off too often.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        while (!_isEnded && !destination.IsEmpty)
        {
            try
            {
                var content = _content ??= await ReopenAsync(cancellationToken).ConfigureAwait(false);
                var bytes = await content.Content.ReadAsync(destination, cancellationToken).ConfigureAwait(false);
                if (bytes > TotalBytes - _position || (bytes == 0 && _position < TotalBytes))
                {
                    throw WrongLength(bytes);
                }

                _position += bytes;
                _isEnded = bytes == 0;
                return bytes;
            }
            catch (ObjectStoreException exception) when (exception.IsTransient && _position == TotalBytes)
            {
                // All bytes are there; how the transfer ended after them does not matter.
                _isEnded = true;
            }
            catch (ObjectStoreException exception) when (CanResume(exception))
            {
                _resumes++;
                _resumedAt = _position;
                await CloseAsync().ConfigureAwait(false);
            }
        }

        return 0;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => CloseAsync();

    private bool CanResume(ObjectStoreException exception)
    {
        if (_position - _resumedAt >= RewardedBytes)
        {
            _resumes = 0;
        }

        return exception.IsTransient
            && _resumes < _maxResumes
            && (_position == 0 || (ETag is not null && _store.Capabilities.SupportsRanges));
    }

    private async Task<ObjectContent> ReopenAsync(CancellationToken cancellationToken)
    {
        try
        {
            var content = await _store.OpenReadAsync(_bucket, _name, _position, cancellationToken).ConfigureAwait(false);
            if (content.TotalBytes == TotalBytes && content.ETag == ETag)
            {
                return content;
            }

            await content.DisposeAsync().ConfigureAwait(false);
            throw Changed($"is {content.ETag ?? UnknownVersion} of {content.TotalBytes} bytes", null);
        }
        catch (ObjectStoreException exception) when (exception.Status == (int)HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            throw Changed($"is shorter than {_position + 1} bytes", exception);
        }
    }

    private ValueTask CloseAsync()
    {
        var content = _content;
        _content = null;
        return content?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    private ObjectStoreException Changed(string actual, Exception? cause) =>
        new(
            $"'{MessageText.OneLine(_name)}' of bucket '{_bucket}' changed while it was downloaded: "
            + $"it was {ETag ?? UnknownVersion} of {TotalBytes} bytes and {actual}.",
            cause)
        {
            Error = ObjectStoreError.Changed,
            Subject = $"{_bucket}/{_name}",
        };

    private ObjectStoreException WrongLength(int bytes) =>
        new($"'{MessageText.OneLine(_name)}' of bucket '{_bucket}' is not as long as announced: {_position + bytes} bytes came of {TotalBytes}.")
        {
            Error = ObjectStoreError.Changed,
            Subject = $"{_bucket}/{_name}",
        };
}
