using Backup.Core.Archives;
using Backup.Core.Compression;

namespace Backup.Core.Pipeline.Stages.Texts;

/// <summary>Writes texts beside rows and objects: each is an entry with a share of the memory, packed and stored like theirs.</summary>
internal sealed class TextEntryWriter(ICompressor compressor, LaneContext lane)
{
    /// <summary>Refers to an entry that another backup holds.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task ReferAsync(IndexEntry entry, CancellationToken cancellationToken) =>
        lane.Context.References.SendAsync(new TextReference(entry), cancellationToken).AsTask();

    /// <summary>Writes one entry.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="write">Writes its content.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task WriteAsync(string path, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        var context = lane.Context;
        var share = await lane.Budget.AcquireAsync(context.Plan.ShareBytes, cancellationToken).ConfigureAwait(false);
        var stream = new StagedTextStream(new TextEntry(path, compressor, share, context), lane.Blocks);
        await using (stream.ConfigureAwait(false))
        {
            await write(stream, cancellationToken).ConfigureAwait(false);
            await stream.CompleteAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
