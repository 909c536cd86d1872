using System.Threading.Channels;
using Backup.Core.Archives;

namespace Backup.Core.Pipeline.Stages;

/// <summary>Writes entries into the volumes, one after another in the order in which they are finished.</summary>
internal sealed class ArchiveStage(ArchiveWriter archive, RunProgress progress, ChannelReader<ArchiveItem> input)
{
    private bool _isEntryOpen;

    /// <summary>Works until there are no more entries or, at the deadline, no more that are whole.</summary>
    /// <param name="abortToken">Ends a write: nothing more will come of the volume.</param>
    /// <param name="cancellationToken">Ends the wait for what is to be written.</param>
    public async Task RunAsync(CancellationToken abortToken, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var item in input.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                await StoreAsync(item, abortToken, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && !abortToken.IsCancellationRequested)
        {
            await StoreWholeOnesAsync(abortToken).ConfigureAwait(false);
        }
    }

    // What is there by now costs only the writing; nothing that is still on its way is waited for.
    private async Task StoreWholeOnesAsync(CancellationToken abortToken)
    {
        if (_isEntryOpen)
        {
            archive.Abandon();
        }

        while (input.TryRead(out var item))
        {
            if (item is PendingEntry { IsStreamed: true })
            {
                item.Dispose();
            }
            else
            {
                await StoreAsync(item, abortToken, abortToken).ConfigureAwait(false);
            }
        }
    }

    private async Task StoreAsync(ArchiveItem item, CancellationToken abortToken, CancellationToken cancellationToken)
    {
        using (item)
        {
            await (item switch
            {
                PendingEntry entry => WriteAsync(entry, abortToken, cancellationToken),
                ReferenceItem reference => archive.AddReferenceAsync(reference.Entry, abortToken).AsTask(),
                _ => throw new ArgumentException($"{item.GetType().Name} is nothing to store.", nameof(item)),
            }).ConfigureAwait(false);
        }

        progress.SetStored(archive.StoredBytes);
        if (item is PendingEntry { IsTruncated: true } truncated)
        {
            truncated.OnDropped();
        }
        else
        {
            item.OnStored();
        }
    }

    private async Task WriteAsync(PendingEntry entry, CancellationToken abortToken, CancellationToken cancellationToken)
    {
        if (!entry.IsStreamed)
        {
            await archive.AppendAsync(entry.Header, entry.GetContent(), entry.GetPacked(), abortToken).ConfigureAwait(false);
            return;
        }

        await archive.BeginAsync(entry.Header, abortToken).ConfigureAwait(false);
        _isEntryOpen = true;
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
                    await archive.WriteAsync(piece, abortToken).ConfigureAwait(false);
                }
            }
            finally
            {
                entry.Release(block);
            }
        }
        while (!isLast);

        _isEntryOpen = false;
        if (entry.IsTruncated)
        {
            archive.Abandon();
            return;
        }

        await archive.EndAsync(entry.GetContent(), abortToken).ConfigureAwait(false);
    }
}
