using System.Text;
using Backup.Core.Postgres;

namespace Backup.Core.Tests.Pipeline.Fakes;

/// <summary>A table of heap blocks that are given as the bytes of their rows; each row ends in a newline.</summary>
internal sealed record InMemoryTable(string Name, params byte[][] Blocks)
{
    /// <summary>Whether it is read as one relation without ranges; it has one block then.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Whether it can be read over one connection only, by one reader at a time, as a table that another session wants to lock.</summary>
    public bool IsContended { get; init; }

    /// <summary>The block (from 1) whose page fails, after half of its bytes.</summary>
    public int FailingBlock { get; init; }

    /// <summary>How often that page fails before it can be read; always by default.</summary>
    public FailureCount Failures { get; init; } = new(int.MaxValue);

    /// <summary>Whether the failure may pass.</summary>
    public bool FailsTransiently { get; init; }

    /// <summary>Whether the failure takes the reader's connection with it.</summary>
    public bool LosesConnection { get; init; }

    /// <summary>Whether a read by any reader but the first fails because the snapshot is gone.</summary>
    public bool LosesSnapshot { get; init; }

    /// <summary>What tells tables of one name apart.</summary>
    public string Fingerprint { get; init; } = "as ever";

    /// <summary>The file of the heap; another one after it was rewritten.</summary>
    public uint RelationFile { get; init; } = 1;

    /// <summary>The condition that chooses its rows, as of an extension's table, which then has one block; none by default.</summary>
    public string? Condition { get; init; }

    /// <summary>What the statistics say of it; nothing by default.</summary>
    public TableWrites? Writes { get; init; }

    public QualifiedName QualifiedName => new("public", Name);

    public long RowCount => Blocks.Sum(block => block.LongCount(value => value == (byte)'\n'));

    public TableInfo ToInfo(uint oid) => new()
    {
        Oid = oid,
        Name = QualifiedName,
        Columns = ["id", "text"],
        HeapBlocks = IsWhole ? 0 : Blocks.Length,
        TotalBytes = Blocks.Sum(block => (long)block.Length),
        SupportsCtidRanges = !IsWhole,
        Fingerprint = Fingerprint,
        RelationFile = IsWhole ? 0 : RelationFile,
        Condition = Condition,
        Writes = Writes,
        WritesAfter = Writes,
    };

    /// <summary>Statistics of a table into which so many rows were ever inserted.</summary>
    public static TableWrites Written(long rows) => new(rows, 0, 0, "1");

    /// <summary>Rows of the given sizes, newline included, with content that differs from row to row.</summary>
    public static byte[] Rows(params int[] sizes)
    {
        var text = new StringBuilder();
        var random = new Random(sizes.Length);
        foreach (var size in sizes)
        {
            for (var at = 1; at < size; at++)
            {
                text.Append((char)('a' + random.Next(16)));
            }

            text.Append('\n');
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    /// <summary>A number of rows of one size.</summary>
    public static byte[] Rows(int count, int size) => Rows([.. Enumerable.Repeat(size, count)]);
}

/// <summary>Counts failures down. For any number of threads.</summary>
internal sealed class FailureCount(int count)
{
    private int _left = count;

    public bool TryTake() => Interlocked.Decrement(ref _left) >= 0;
}
