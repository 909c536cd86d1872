using Backup.Core.Archives;
using Backup.Core.Pipeline.Memory;

namespace Backup.Core.Pipeline.Stages;

/// <summary>An entry whose bytes another backup holds, on its way into the references. <see cref="ReferenceQueue"/> sends it.</summary>
/// <param name="entry">The entry.</param>
internal abstract class ReferenceItem(IndexEntry entry) : ArchiveItem
{
    /// <summary>The entry.</summary>
    public IndexEntry Entry { get; } = entry;

    /// <summary>Its place in the queue, which it owns. Set by the queue.</summary>
    public MemoryReservation? Place { private get; set; }

    /// <inheritdoc/>
    public override void Dispose() => Place?.Dispose();
}
