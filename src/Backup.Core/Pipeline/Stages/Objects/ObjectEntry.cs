using Backup.Core.Archives;
using Backup.Core.ObjectStores;
using Backup.Core.Pipeline.Memory;

namespace Backup.Core.Pipeline.Stages.Objects;

/// <summary>An object of a bucket on its way into the archive.</summary>
/// <param name="task">What is to be stored.</param>
/// <param name="item">All that is known of the object: what was listed, completed by what the store added.</param>
/// <param name="share">Its memory, which the entry owns from now on.</param>
/// <param name="sizes">The sizes of its buffers.</param>
/// <param name="context">What all entries have in common.</param>
/// <param name="counts">Told when it is stored.</param>
internal sealed class ObjectEntry(
    ObjectTask task, StoredObject item, MemoryReservation share, EntrySizes sizes, EntryContext context, ObjectCounts counts)
    : PendingEntry(new EntryHeader(task.Path, null, task.Compressor.Method, item), task.Compressor, share, sizes, context)
{
    /// <inheritdoc/>
    public override void OnStored()
    {
        task.Bucket.AddStored(RawBytes);
        counts.Complete(task.Item.Bytes ?? RawBytes);
        counts.Telemetry.AddObject(task.Bucket.Id);
    }

    /// <inheritdoc/>
    /// <remarks>Nothing to do: whoever gave the download up tries it again or records the failure.</remarks>
    public override void OnDropped()
    {
    }
}
