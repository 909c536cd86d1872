using Backup.Core.Archives;

namespace Backup.Core.Pipeline.Stages.Objects;

/// <summary>An object that the parent holds as it is still, on its way into the references.</summary>
/// <param name="listed">The object as it was listed, which goes with it: its texts wait with the reference.</param>
/// <param name="entry">Where its bytes are, and what is known of it now.</param>
/// <param name="counts">Told when it is in the archive.</param>
internal sealed class ObjectReference(ListedObject listed, IndexEntry entry, ObjectCounts counts) : ReferenceItem(entry)
{
    /// <inheritdoc/>
    public override void OnStored()
    {
        listed.Bucket.AddReused(Entry.RawBytes);
        counts.CompleteReused(Entry.RawBytes);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        listed.Dispose();
    }
}
