using System.Globalization;
using Backup.Core.Errors;
using Backup.Core.Pipeline.Failures;
using Backup.Core.Pipeline.Memory;
using Backup.Core.Pipeline.Sources;

namespace Backup.Core.Pipeline.Stages.Rows;

/// <summary>Fills blocks with the rows of the page that its reader has open, within the time that one entry may take. For one caller.</summary>
/// <remarks>A relation that is read whole is cut into entries here, at the ends of rows.</remarks>
internal sealed class BlockFiller(
    RowReader reader, PageTask task, PageReadRules rules, EntryContext context, CancellationToken cancellationToken) : IAsyncDisposable
{
    private readonly ItemClock _clock = new(rules.ItemLimit, rules.TimeProvider, cancellationToken);
    private int _number = task.Page.Number;

    // The beginning of the next entry's first row, which came in one block with the end of the last entry.
    private PooledBuffer? _rest;
    private int _restLength;

    /// <summary>Says that the next entry of the page begins, which may take as long again.</summary>
    public void Begin(int number)
    {
        _number = number;
        _clock.Reset();
    }

    /// <summary>Reads into a block as far as the entry goes.</summary>
    /// <param name="block">The block; of full size where the relation is read whole.</param>
    /// <param name="entryBytes">How many bytes of the entry were read before.</param>
    /// <exception cref="DatabaseException">The page cannot be read, or takes too long.</exception>
    public async ValueTask<FilledBlock> FillAsync(PooledBuffer block, long entryBytes)
    {
        var length = await FillAsync(block.Memory, TakeRest(block)).ConfigureAwait(false);
        if (length < block.Memory.Length)
        {
            return new FilledBlock(length, IsLast: true, IsAtEnd: true);
        }

        var end = FindEndOfEntry(block, entryBytes);
        return new FilledBlock(end ?? length, IsLast: end is not null, IsAtEnd: false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _rest?.Dispose();
        return _clock.DisposeAsync();
    }

    private async ValueTask<int> FillAsync(Memory<byte> block, int length)
    {
        _clock.Start();
        try
        {
            while (length < block.Length)
            {
                // A reader of which something always comes may never look at its token.
                _clock.Token.ThrowIfCancellationRequested();
                var read = await reader.ReadAsync(block[length..], _clock.Token).ConfigureAwait(false);
                if (read == 0)
                {
                    break;
                }

                length += read;
            }
        }
        catch (Exception exception) when (_clock.IsOver && !cancellationToken.IsCancellationRequested)
        {
            throw TooSlow(exception);
        }
        finally
        {
            _clock.Stop();
        }

        return length;
    }

    // How many bytes of a block are those that the last one had too many.
    private int TakeRest(PooledBuffer block)
    {
        var length = _restLength;
        if (length > 0)
        {
            _rest!.Span[..length].CopyTo(block.Span);
            _restLength = 0;
        }

        return length;
    }

    // Null where the entry goes on: it is not large enough, it must not be cut, or this block holds no end of a row.
    private int? FindEndOfEntry(PooledBuffer block, long entryBytes)
    {
        if (!task.IsWholeRelation || entryBytes + block.Memory.Length < rules.PageBytes)
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

    private DatabaseException TooSlow(Exception cause) => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"Reading page {_number} of {task.Table.Info.Name} took longer than {rules.ItemLimit?.TotalSeconds:0.###} s."),
        cause)
    {
        Subject = task.Table.Info.Name.ToString(),
        Category = ErrorCategory.TimeOut,
        IsTransient = true,
        Hint = $"See what slows the server or the line down, read smaller pages, or allow more time ({nameof(BackupOptions.Timeouts)}.{nameof(BackupTimeouts.Item)}).",
    };
}
