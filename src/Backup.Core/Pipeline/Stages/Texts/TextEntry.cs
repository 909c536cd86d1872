using Backup.Core.Archives;
using Backup.Core.Compression;
using Backup.Core.Pipeline.Memory;

namespace Backup.Core.Pipeline.Stages.Texts;

/// <summary>A text that is made here, on its way into the archive.</summary>
internal sealed class TextEntry(string path, ICompressor compressor, MemoryReservation share, EntryContext context)
    : PendingEntry(new EntryHeader(path, null, compressor.Method), compressor, share, context.Plan.Sizes, context)
{
    /// <inheritdoc/>
    public override void OnStored()
    {
        // Nobody counts texts.
    }

    /// <inheritdoc/>
    public override void OnDropped()
    {
    }
}
