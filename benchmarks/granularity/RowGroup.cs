using System.Buffers;

namespace Backup.Core.Granularity;

/// <summary>The rows of up to 4,096 consecutive heap blocks of a table as COPY text, and where each 16 blocks of them end.</summary>
internal sealed class RowGroup
{
    /// <summary>The heap blocks of the smallest pages.</summary>
    public const int RangeBlocks = 16;

    /// <summary>The ranges of a whole group.</summary>
    public const int Ranges = 256;

    private readonly ArrayBufferWriter<byte> _rows = new(40 * 1024 * 1024);
    private readonly List<int> _ends = [];

    /// <summary>The table's name.</summary>
    public string Table { get; private set; } = "";

    /// <summary>The number of the first range in the table, from 0.</summary>
    public int FirstRange { get; private set; }

    /// <summary>How many ranges there are.</summary>
    public int Count => _ends.Count;

    /// <summary>All rows.</summary>
    public ReadOnlyMemory<byte> Rows => _rows.WrittenMemory;

    /// <summary>The rows of some consecutive ranges.</summary>
    /// <param name="first">The first, from 0.</param>
    /// <param name="end">The one behind the last.</param>
    public ReadOnlyMemory<byte> Slice(int first, int end)
    {
        var start = first == 0 ? 0 : _ends[first - 1];
        return _rows.WrittenMemory[start.._ends[end - 1]];
    }

    /// <summary>Begins another group.</summary>
    public void Clear(string table, int firstRange)
    {
        Table = table;
        FirstRange = firstRange;
        _rows.ResetWrittenCount();
        _ends.Clear();
    }

    /// <summary>Room for more rows.</summary>
    public Memory<byte> GetMemory(int bytes) => _rows.GetMemory(bytes)[..bytes];

    /// <summary>Takes in what was written to <see cref="GetMemory"/>.</summary>
    public void Advance(int bytes) => _rows.Advance(bytes);

    /// <summary>Ends a range.</summary>
    public void EndRange() => _ends.Add(_rows.WrittenCount);
}
