using Backup.Core.ObjectStores;
using Backup.Core.Pipeline.Memory;

namespace Backup.Core.Pipeline.Stages.Objects;

/// <summary>An object as the listing gave it, and its part of the memory of the look-ahead, which goes with it.</summary>
/// <param name="Bucket">Its bucket in this run.</param>
/// <param name="Item">The object.</param>
/// <param name="Room">The memory that its texts take.</param>
internal sealed record ListedObject(BucketRun Bucket, StoredObject Item, MemoryReservation Room) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Room.Dispose();
}
