namespace Backup.Core.Pipeline;

/// <summary>The download of one object, once. For the downloader, and for whoever asks how far it is.</summary>
internal sealed class ObjectTransfer(string bucket, string name, long? totalBytes)
{
    private long _bytes;

    /// <summary>Counts bytes.</summary>
    public void Add(int bytes) => Interlocked.Add(ref _bytes, bytes);

    /// <summary>How far it is, for people.</summary>
    public ObjectProgress ToProgress() => new(bucket, name, Interlocked.Read(ref _bytes), totalBytes);
}
