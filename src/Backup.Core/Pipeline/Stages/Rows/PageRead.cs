using System.Globalization;
using System.Threading.Channels;
using Backup.Core.Errors;
using Backup.Core.Pipeline.Failures;
using Backup.Core.Pipeline.Memory;
using Backup.Core.Pipeline.Sources;

namespace Backup.Core.Pipeline.Stages.Rows;

/// <summary>The reading of one page into one entry, or of a whole relation into several. For one reader, used once.</summary>
/// <remarks>
/// The share of the memory is taken before an entry's first byte is read, never in its middle. A relation without ranges of
/// <c>ctid</c> is one long read; it is cut into entries at the ends of rows, each with a share of its own.
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

    // What was counted as read, to be taken back when the page is read again.
    private long _rows;
    private long _bytes;
    private bool _isHandedOver;

    // The beginning of the next entry's first row, which came in one block with the end of the last entry.
    private PooledBuffer? _rest;
    private int _restLength;

    /// <summary>Whether nothing of the page is, or will be, in the archive: only then may it be read again.</summary>
    public bool CanBeRepeated => !_isHandedOver && _entry is not { IsStreamed: true };

    /// <summary>Reads to the end of the page.</summary>
    /// <exception cref="DatabaseException">It cannot be read, or takes too long.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var clock = new ItemClock(rules.ItemLimit, rules.TimeProvider, cancellationToken);
        await using (clock.ConfigureAwait(false))
        {
            await BeginEntryAsync(task.Page.Number, cancellationToken).ConfigureAwait(false);
            await reader.OpenAsync(task.Page, cancellationToken).ConfigureAwait(false);
            while (_entry is not null)
            {
                await ReadBlockAsync(_entry, clock, cancellationToken).ConfigureAwait(false);
            }

            await reader.CloseAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Takes back what was counted of a page that failed and is read again, or is given up without a trace.</summary>
    public void Undo() => progress.UndoRead(task, _rows, _bytes);

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
        _rest?.Dispose();

        // A streamed entry is the archive stage's to dispose.
        if (_entry is { IsStreamed: false })
        {
            _entry.Dispose();
        }
    }

    private async Task ReadBlockAsync(PageEntry entry, ItemClock clock, CancellationToken cancellationToken)
    {
        var block = await entry.RentBlockAsync(cancellationToken).ConfigureAwait(false);
        PackItem item;
        long rows;
        bool isAtEnd;
        try
        {
            var length = await FillAsync(block.Memory, clock, cancellationToken).ConfigureAwait(false);
            isAtEnd = length < block.Memory.Length;
            if (isAtEnd && length == 0 && entry.RawBytes == 0 && entry.Number > task.Page.Number)
            {
                // The relation ended with the last entry.
                entry.Return(block);
                DropEntry(entry);
                return;
            }

            var end = isAtEnd ? length : FindEndOfEntry(entry, block);
            rows = entry.CountRows(block.Span[..(end ?? length)]);
            item = entry.Append(block, end ?? length, isLast: isAtEnd || end is not null);
        }
        catch
        {
            entry.Return(block);
            throw;
        }

        _rows += rows;
        _bytes += item.Length;
        _isHandedOver |= item.IsLast;
        progress.AddRead(task, rows, item.Length);
        if (item.IsLast && !isAtEnd)
        {
            // Announced before this one can be stored, or the table would be taken for finished.
            task.Table.AddPage();
        }

        await item.SendAsync(output, cancellationToken).ConfigureAwait(false);
        if (item.IsLast)
        {
            // The packers hold the entry now and hand it to the archive stage.
            _entry = null;
            if (!isAtEnd)
            {
                clock.Reset();
                await BeginEntryAsync(entry.Number + 1, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task BeginEntryAsync(int number, CancellationToken cancellationToken)
    {
        var plan = context.Plan;
        var expected = number == task.Page.Number ? task.ExpectedBytes : null;
        var share = await budget.AcquireAsync(plan.ShareFor(expected), cancellationToken).ConfigureAwait(false);
        _entry = new PageEntry(task.Table, number, rules.Compressor, share, plan.SizesFor(expected), context, progress);
    }

    private async Task<int> FillAsync(Memory<byte> destination, ItemClock clock, CancellationToken cancellationToken)
    {
        var length = _restLength;
        if (length > 0)
        {
            _rest!.Span[..length].CopyTo(destination.Span);
            _restLength = 0;
        }

        clock.Start();
        try
        {
            while (length < destination.Length)
            {
                // A reader of which something always comes may never look at its token.
                clock.Token.ThrowIfCancellationRequested();
                var read = await reader.ReadAsync(destination[length..], clock.Token).ConfigureAwait(false);
                if (read == 0)
                {
                    break;
                }

                length += read;
            }
        }
        catch (Exception exception) when (clock.IsOver && !cancellationToken.IsCancellationRequested)
        {
            throw TooSlow(exception);
        }
        finally
        {
            clock.Stop();
        }

        return length;
    }

    // Null where the entry goes on: it is not large enough, it must not be cut, or this block holds no end of a row.
    private int? FindEndOfEntry(PageEntry entry, PooledBuffer block)
    {
        if (!task.IsWholeRelation || entry.RawBytes + block.Memory.Length < rules.PageBytes)
        {
            return null;
        }

        // A newline inside a value is written as \n, and no encoding of a server has the byte inside a character.
        var end = block.Span.LastIndexOf((byte)'\n') + 1;
        if (end == 0)
        {
            return null;
        }

        var rest = block.Span[end..];
        if (!rest.IsEmpty)
        {
            _rest ??= context.Buffers.Rent(context.Plan.Sizes.BlockBytes);
            rest.CopyTo(_rest.Span);
            _restLength = rest.Length;
        }

        return end;
    }

    private void DropEntry(PageEntry entry)
    {
        _entry = null;
        entry.Dispose();
        entry.OnDropped();
    }

    private DatabaseException TooSlow(Exception cause) => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"Reading page {_entry?.Number ?? task.Page.Number} of {task.Table.Info.Name} took longer than {rules.ItemLimit?.TotalSeconds:0.###} s."),
        cause)
    {
        Subject = task.Table.Info.Name.ToString(),
        Category = ErrorCategory.TimeOut,
        IsTransient = true,
        Hint = $"See what slows the server or the line down, read smaller pages, or allow more time ({nameof(BackupOptions.Timeouts)}.{nameof(BackupTimeouts.Item)}).",
    };
}
