namespace Backup.Core.Restore.Files;

/// <summary>Counts objects and their bytes. Safe for several threads.</summary>
internal sealed class ObjectTally
{
    private long _objects;
    private long _bytes;

    /// <summary>What was counted so far.</summary>
    public ObjectCount Count => new(Interlocked.Read(ref _objects), Interlocked.Read(ref _bytes));

    /// <summary>Counts an object.</summary>
    public void Add(long bytes)
    {
        Interlocked.Increment(ref _objects);
        Interlocked.Add(ref _bytes, bytes);
    }
}
