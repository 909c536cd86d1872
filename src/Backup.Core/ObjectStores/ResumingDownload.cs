using Backup.Core.Errors;

namespace Backup.Core.ObjectStores;

/// <summary>Reads one object whole, going on where a transfer broke off, and never mixing two versions. Used by one caller at a time.</summary>
/// <remarks>
/// Servers may ignore If-Match and If-Range (Supabase Storage does), so each answer's ETag and size are compared with the first
/// one's; without an ETag a broken transfer cannot be resumed and starts over only while nothing has been read.
/// </remarks>
internal sealed class ResumingDownload : IAsyncDisposable
{
    private readonly IObjectStore _store;
    private readonly string _bucket;
    private readonly string _name;
    private readonly int _maxResumes;

    private ObjectContent _content;
    private long _position;
    private int _resumes;

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
    public static async Task<ResumingDownload> OpenAsync(
        IObjectStore store, string bucket, string name, int maxResumes, CancellationToken cancellationToken)
    {
        var content = await store.OpenReadAsync(bucket, name, 0, cancellationToken).ConfigureAwait(false);
        return new ResumingDownload(store, bucket, name, maxResumes, content);
    }

    /// <summary>Reads on.</summary>
    /// <returns>The number of bytes; 0 only when all <see cref="TotalBytes"/> have been read.</returns>
    /// <exception cref="ObjectStoreException">The object changed meanwhile, or broke off too often.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var bytes = _position == TotalBytes
                    ? 0
                    : await _content.Content.ReadAsync(destination, cancellationToken).ConfigureAwait(false);
                _position += bytes;
                return bytes;
            }
            catch (ObjectStoreException exception) when (CanResume(exception))
            {
                _resumes++;
                await ResumeAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _content.DisposeAsync();

    private bool CanResume(ObjectStoreException exception) =>
        exception.IsTransient
        && _resumes < _maxResumes
        && (_position == 0 || (ETag is not null && _store.Capabilities.SupportsRanges));

    private async Task ResumeAsync(CancellationToken cancellationToken)
    {
        await _content.DisposeAsync().ConfigureAwait(false);
        _content = await _store.OpenReadAsync(_bucket, _name, _position, cancellationToken).ConfigureAwait(false);
        if (_content.TotalBytes != TotalBytes || _content.ETag != ETag)
        {
            throw new ObjectStoreException(
                $"'{_name}' of bucket '{_bucket}' changed while it was downloaded: it was {ETag} of {TotalBytes} bytes "
                + $"and is {_content.ETag} of {_content.TotalBytes} bytes.")
            {
                Error = ObjectStoreError.Changed,
                Subject = $"{_bucket}/{_name}",
            };
        }
    }
}
