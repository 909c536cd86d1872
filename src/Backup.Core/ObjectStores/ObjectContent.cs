namespace Backup.Core.ObjectStores;

/// <summary>An open object: its bytes from the asked offset on, and what the store said of it when it answered.</summary>
/// <param name="content">The bytes; owned by this instance.</param>
/// <param name="totalBytes">The whole object's size in bytes, whatever the offset.</param>
/// <param name="eTag">The ETag with its quotes, or <see langword="null"/>.</param>
public sealed class ObjectContent(Stream content, long totalBytes, string? eTag) : IAsyncDisposable
{
    /// <summary>The bytes, front to back. A transfer that breaks off throws; the stream never just ends early.</summary>
    public Stream Content { get; } = content;

    /// <summary>The whole object's size in bytes, whatever the offset.</summary>
    public long TotalBytes { get; } = totalBytes;

    /// <summary>The ETag with its quotes; <see langword="null"/> where the store gives none.</summary>
    public string? ETag { get; } = eTag;

    /// <summary>Closes the transfer, finished or not.</summary>
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
