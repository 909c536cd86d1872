using Backup.Core.Archives;
using Backup.Core.Compression;
using Backup.Core.Pipeline.Memory;

namespace Backup.Core.Pipeline.Texts;

/// <summary>Writes the entries that are made here rather than read: the guide, the bucket settings, the load script.</summary>
/// <remarks>Used before and after the stages run, never beside them: the archive has one caller at a time.</remarks>
internal sealed class TextEntries(ArchiveWriter archive, ICompressor compressor, BufferPool buffers, ResourcePlan plan)
{
    /// <summary>Writes one entry.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="write">Writes its content.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task WriteAsync(string path, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        var stream = new TextEntryStream(archive, new EntryHeader(path, null, compressor.Method), compressor, buffers, plan);
        await using (stream.ConfigureAwait(false))
        {
            await write(stream, cancellationToken).ConfigureAwait(false);
            await stream.CompleteAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
