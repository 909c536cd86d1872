using System.Threading.Channels;
using Backup.Core.Archives;

namespace Backup.Core.Pipeline.Stages;

/// <summary>Writes entries into the volumes, one after another in the order in which they are finished.</summary>
internal sealed class ArchiveStage(ArchiveWriter archive, RunProgress progress, ChannelReader<PendingEntry> input)
{
    /// <summary>Works until there are no more entries.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var entry in input.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            using (entry)
            {
                await WriteAsync(entry, cancellationToken).ConfigureAwait(false);
            }

            progress.SetStored(archive.StoredBytes);
            if (entry.IsTruncated)
            {
                entry.OnDropped();
            }
            else
            {
                entry.OnStored();
            }
        }
    }

    private async Task WriteAsync(PendingEntry entry, CancellationToken cancellationToken)
    {
        if (!entry.IsStreamed)
        {
            await archive.AppendAsync(entry.Header, entry.GetContent(), entry.GetPacked(), cancellationToken).ConfigureAwait(false);
            return;
        }

        await archive.BeginAsync(entry.Header, cancellationToken).ConfigureAwait(false);
        var pieces = new List<ReadOnlyMemory<byte>>();
        bool isLast;
        do
        {
            var block = await entry.TakeNextAsync(cancellationToken).ConfigureAwait(false);
            isLast = block.IsLast;
            try
            {
                pieces.Clear();
                block.AddPiecesTo(pieces);
                foreach (var piece in pieces)
                {
                    await archive.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
                }
            }
            finally
            {
                entry.Release(block);
            }
        }
        while (!isLast);

        if (entry.IsTruncated)
        {
            archive.Abandon();
            return;
        }

        await archive.EndAsync(entry.GetContent(), cancellationToken).ConfigureAwait(false);
    }
}
