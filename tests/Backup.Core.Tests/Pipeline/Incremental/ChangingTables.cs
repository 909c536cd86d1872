using Backup.Core.Tests.Pipeline.Fakes;

namespace Backup.Core.Tests.Pipeline.Incremental;

/// <summary>Tables drawn from a seed, and what happens to them from one backup to the next.</summary>
internal sealed class ChangingTables(int seed)
{
    private readonly Random _random = new(seed);
    private List<InMemoryTable> _tables = [];
    private int _made;

    /// <summary>The tables now.</summary>
    public InMemoryTable[] Now => [.. _tables];

    /// <summary>Draws the tables that there are at first.</summary>
    public ChangingTables Draw()
    {
        _tables = [.. Enumerable.Range(0, _random.Next(1, 5)).Select(_ => DrawTable())];
        return this;
    }

    /// <summary>Changes some of them, in one way each.</summary>
    public void Change() =>
        _tables = [.. _tables.Select(ChangeTable).OfType<InMemoryTable>(), .. _random.Next(4) == 0 ? [DrawTable()] : Array.Empty<InMemoryTable>()];

    private InMemoryTable? ChangeTable(InMemoryTable table)
    {
        var blocks = table.Blocks;
        switch (_random.Next(9))
        {
            case 0:
                return table with { Blocks = [DrawRows()], RelationFile = table.RelationFile + 1 };
            case 1:
                return null;
            case 2 when !table.IsWhole:
                return table with { Blocks = [.. blocks, DrawRows(), DrawRows()] };
            case 3 when blocks.Length > 1:
                return table with { Blocks = blocks[..^1] };
            case 4 or 5 when blocks.Length > 0:
                var changed = _random.Next(blocks.Length);
                return table with { Blocks = [.. blocks.Select((block, index) => index == changed ? DrawRows() : block)] };
            case 6 when blocks.Length > 0 && blocks[^1].Length > 0:
                // The same size, and only the last row is another.
                byte[] last = [.. blocks[^1]];
                last[0] = last[0] == (byte)'\n' ? last[0] : (byte)'z';
                return table with { Blocks = [.. blocks[..^1], last] };
            default:
                return table;
        }
    }

    private InMemoryTable DrawTable()
    {
        var isWhole = _random.Next(4) == 0;
        var blocks = Enumerable.Range(0, isWhole ? 1 : _random.Next(0, 9)).Select(_ => DrawRows()).ToArray();
        return new InMemoryTable($"t{_made++:d3}", blocks) { IsWhole = isWhole, IsContended = _random.Next(3) == 0 };
    }

    private byte[] DrawRows()
    {
        var most = _random.Next(8) switch
        {
            0 => 60_000,
            < 3 => 5_000,
            _ => 200,
        };
        var rows = InMemoryTable.Rows([.. Enumerable.Range(0, _random.Next(0, 20)).Select(_ => _random.Next(1, most))]);
        for (var at = 0; at < rows.Length; at += 100)
        {
            rows[at] = rows[at] == (byte)'\n' ? rows[at] : (byte)('a' + _random.Next(26));
        }

        return rows;
    }
}
