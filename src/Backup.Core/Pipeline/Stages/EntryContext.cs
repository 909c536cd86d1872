using System.Threading.Channels;
using Backup.Core.Pipeline.Memory;

namespace Backup.Core.Pipeline.Stages;

/// <summary>What all entries of a run have in common.</summary>
/// <param name="Plan">The sizes.</param>
/// <param name="Buffers">Where buffers come from.</param>
/// <param name="Finished">The archive stage's channel, with room for as many entries as can hold memory at once, and for the references.</param>
internal sealed record EntryContext(ResourcePlan Plan, BufferPool Buffers, ChannelWriter<ArchiveItem> Finished)
{
    /// <summary>The way of entries whose bytes other backups hold.</summary>
    public ReferenceQueue References { get; } = new(Finished);
}
