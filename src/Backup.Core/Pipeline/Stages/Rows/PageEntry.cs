using Backup.Core.Archives;
using Backup.Core.Compression;
using Backup.Core.Pipeline.Memory;

namespace Backup.Core.Pipeline.Stages.Rows;

/// <summary>A page of rows, or a piece of a relation that is read whole, on its way into the archive.</summary>
internal sealed class PageEntry : PendingEntry
{
    private readonly TableRun _table;
    private readonly RunProgress _progress;

    /// <summary>Creates an entry without rows, which owns its share from now on.</summary>
    public PageEntry(
        TableRun table,
        int number,
        ICompressor compressor,
        MemoryReservation share,
        EntrySizes sizes,
        EntryContext context,
        RunProgress progress)
        : base(
            new EntryHeader(EntryPaths.Page(table.Folder, number), table.IndexName, compressor.Method),
            compressor,
            share,
            sizes,
            context)
    {
        _table = table;
        _progress = progress;
        Number = number;
    }

    /// <summary>The page's number in its table, from 1.</summary>
    public int Number { get; }

    /// <summary>The rows that were read. For the reader.</summary>
    public long Rows { get; private set; }

    /// <summary>The bytes that were read, whether or not they were appended. For the reader.</summary>
    public long RawBytesRead { get; private set; }

    /// <summary>Counts a block that was read. For the reader.</summary>
    /// <returns>How many rows end in it: COPY text writes a newline inside a value as <c>\n</c>, so each newline ends a row.</returns>
    public long AddRead(ReadOnlySpan<byte> block)
    {
        var rows = block.Count((byte)'\n');
        Rows += rows;
        RawBytesRead += block.Length;
        return rows;
    }

    /// <summary>Counts nothing of what was read so far: it will be read again. For the reader.</summary>
    public void ForgetRead() => (Rows, RawBytesRead) = (0, 0);

    /// <inheritdoc/>
    public override void OnStored()
    {
        _table.AddStored(Number, Rows, RawBytes, isReused: false);
        _progress.CompletePage(_table);
    }

    /// <inheritdoc/>
    public override void OnDropped() => _progress.CompletePage(_table);
}
