using System.Threading.Channels;
using Backup.Core.Archives.Referencing;
using Backup.Core.Errors;
using Backup.Core.Pipeline.Memory;
using Backup.Core.Pipeline.Sources;

namespace Backup.Core.Pipeline.Stages.Rows;

/// <summary>The reading of one page into one entry, or of a whole relation into several. For one reader, used once.</summary>
/// <remarks>
/// The share of the memory is taken before an entry's first byte is read, never in its middle. A relation without ranges of
/// <c>ctid</c> is one long read; it is cut into entries at the ends of rows, each with a share of its own. What the parent of an
/// incremental run has too is kept back from the packers until it is known whether it is the same, as far as the share has room for it.
/// </remarks>
internal sealed class PageRead(
    RowReader reader,
    PageTask task,
    MemoryBudget budget,
    EntryContext context,
    RunProgress progress,
    PageReadRules rules,
    ChannelWriter<PackItem> output) : IDisposable
{
    private PageEntry? _entry;

    // Null where the entry is stored whatever it is.
    private PageComparison? _comparison;

    // Whether blocks are looked at and given back: the entry is not stored, or only once it has been read again.
    private bool _onlyCompares;

    // What was counted as read, to be taken back when the page is read again.
    private long _rows;
    private long _bytes;
    private bool _isHandedOver;

    /// <summary>Whether nothing of the page is, or will be, in the archive: only then may it be read again.</summary>
    public bool CanBeRepeated => !_isHandedOver && _entry is not { IsStreamed: true };

    /// <summary>Reads to the end of the page.</summary>
    /// <exception cref="DatabaseException">It cannot be read, or takes too long.</exception>
    /// <exception cref="BackupException">The parent's index cannot be read.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var filler = new BlockFiller(reader, task, rules, context, cancellationToken);
        await using (filler.ConfigureAwait(false))
        {
            await BeginEntryAsync(task.Page.Number, cancellationToken).ConfigureAwait(false);
            await reader.OpenAsync(task.Page, cancellationToken).ConfigureAwait(false);
            while (_entry is not null)
            {
                await ReadBlockAsync(_entry, filler, cancellationToken).ConfigureAwait(false);
            }

            await reader.CloseAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Takes back what was counted of a page that failed and is read again, or is given up without a trace.</summary>
    public void Undo()
    {
        progress.UndoRead(task, _rows, _bytes);
        (_rows, _bytes) = (0, 0);
    }

    /// <summary>Brings the entry of a page that failed to an end, so that the archive goes on without it.</summary>
    public async Task GiveUpAsync(CancellationToken cancellationToken)
    {
        if (_entry is not { } entry)
        {
            return;
        }

        if (!entry.IsStreamed)
        {
            DropEntry(entry);
            return;
        }

        // Part of it is in the volume already: it is brought to a regular end, but no table will list it.
        entry.Truncate();
        var block = await entry.RentBlockAsync(cancellationToken).ConfigureAwait(false);
        await entry.Append(block, 0, isLast: true).SendAsync(output, cancellationToken).ConfigureAwait(false);
        _entry = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _comparison?.Dispose();

        // A streamed entry is the archive stage's to dispose.
        if (_entry is { IsStreamed: false })
        {
            _entry.Dispose();
        }
    }

    private async Task ReadBlockAsync(PageEntry entry, BlockFiller filler, CancellationToken cancellationToken)
    {
        if (_comparison is { IsHolding: true } && !entry.HasRoom)
        {
            // Nobody but the packers can make room.
            await ReleaseAsync(entry, isLast: false, cancellationToken).ConfigureAwait(false);
        }

        var block = await entry.RentBlockAsync(cancellationToken).ConfigureAwait(false);
        FilledBlock filled;
        try
        {
            filled = await filler.FillAsync(block, entry.RawBytesRead).ConfigureAwait(false);
        }
        catch
        {
            entry.Return(block);
            throw;
        }

        if (filled is { IsAtEnd: true, Length: 0 } && entry.RawBytesRead == 0 && entry.Number > task.Page.Number)
        {
            // The relation ended with the last entry.
            entry.Return(block);
            DropEntry(entry);
            return;
        }

        Count(entry, block, filled.Length);
        if (filled is { IsLast: true, IsAtEnd: false })
        {
            // Announced before this one can be stored, or the table would be taken for finished.
            task.Table.AddPage();
        }

        await PassOnAsync(entry, block, filled, cancellationToken).ConfigureAwait(false);
        if (_entry is null && !filled.IsAtEnd)
        {
            filler.Begin(entry.Number + 1);
            await BeginEntryAsync(entry.Number + 1, cancellationToken).ConfigureAwait(false);
        }
    }

    private void Count(PageEntry entry, PooledBuffer block, int length)
    {
        var rows = entry.AddRead(block.Span[..length]);
        _rows += rows;
        _bytes += length;
        progress.AddRead(task, rows, length);
    }

    private async ValueTask PassOnAsync(PageEntry entry, PooledBuffer block, FilledBlock filled, CancellationToken cancellationToken)
    {
        var (length, isLast, _) = filled;
        if (_comparison is not { } comparison)
        {
            await SendAsync(entry, block, length, isLast, cancellationToken).ConfigureAwait(false);
            return;
        }

        comparison.Add(block.Span[..length]);
        if (_onlyCompares)
        {
            entry.Return(block);
            if (isLast || !(comparison.IsOpen || rules.IsPreview))
            {
                await EndComparingAsync(entry, comparison, cancellationToken).ConfigureAwait(false);
            }

            return;
        }

        if (isLast && !entry.IsStreamed && comparison.FindSame() is { } same)
        {
            block.Dispose();
            comparison.Dispose();
            await ReferAsync(entry, same, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (!comparison.IsHolding)
        {
            await SendAsync(entry, block, length, isLast, cancellationToken).ConfigureAwait(false);
            return;
        }

        comparison.Hold(block, length);
        if (isLast || !comparison.IsOpen)
        {
            await ReleaseAsync(entry, isLast, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask SendAsync(PageEntry entry, PooledBuffer block, int length, bool isLast, CancellationToken cancellationToken)
    {
        var item = entry.Append(block, length, isLast);
        if (isLast)
        {
            // The packers hold the entry now and hand it to the archive stage.
            HandOver();
        }

        await item.SendAsync(output, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask ReleaseAsync(PageEntry entry, bool isLast, CancellationToken cancellationToken)
    {
        var comparison = _comparison!;
        while (comparison.Release() is var (block, length))
        {
            await SendAsync(entry, block, length, isLast && comparison.HeldBlocks == 0, cancellationToken).ConfigureAwait(false);
        }
    }

    // The entry has been read, or as much of it as it takes to know that it is another one.
    private async ValueTask EndComparingAsync(PageEntry entry, PageComparison comparison, CancellationToken cancellationToken)
    {
        var same = comparison.FindSame();
        if (rules.IsPreview)
        {
            HandOver();
            entry.Dispose();
            task.Table.AddStored(entry.Number, entry.Rows, entry.RawBytesRead, isReused: same is not null);
            progress.CompletePage(task.Table);
        }
        else if (same is not null)
        {
            await ReferAsync(entry, same, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await reader.CloseAsync().ConfigureAwait(false);
            Undo();
            entry.ForgetRead();
            _comparison = null;
            _onlyCompares = false;
            await reader.OpenAsync(task.Page, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask ReferAsync(PageEntry entry, ParentEntry same, CancellationToken cancellationToken)
    {
        // Its memory first: the way of the references may be full, and whoever waits there must hold none.
        HandOver();
        entry.Dispose();
        var reference = new PageReference(task.Table, entry.Number, entry.Rows, same, progress);
        await context.References.SendAsync(reference, cancellationToken).ConfigureAwait(false);
    }

    private void HandOver()
    {
        _entry = null;
        _comparison = null;
        _isHandedOver = true;
    }

    private async Task BeginEntryAsync(int number, CancellationToken cancellationToken)
    {
        var plan = context.Plan;
        var expected = number == task.Page.Number ? task.ExpectedBytes : null;
        var parent = task.Parent is { } table ? await table.FindPageAsync(number, cancellationToken).ConfigureAwait(false) : null;
        if (parent is not null && !task.IsWholeRelation)
        {
            // One byte more, so that the same page ends within its last block, and needs no further one to be known to have ended.
            expected = Math.Max(expected ?? 0, parent.RawBytes + 1);
        }

        var sizes = plan.SizesFor(expected);
        var share = await budget.AcquireAsync(plan.ShareFor(expected), cancellationToken).ConfigureAwait(false);
        _entry = new PageEntry(task.Table, number, rules.Compressor, share, sizes, context, progress);
        _comparison = parent is not null || rules.IsPreview ? new PageComparison(parent) : null;
        var fits = parent is null || ((parent.RawBytes / sizes.BlockBytes) + 1) * sizes.BlockCostBytes <= share.Bytes;
        _onlyCompares = rules.IsPreview || (!fits && !task.IsWholeRelation);
    }

    private void DropEntry(PageEntry entry)
    {
        _comparison?.Dispose();
        _comparison = null;
        _entry = null;
        entry.Dispose();
        entry.OnDropped();
    }
}
