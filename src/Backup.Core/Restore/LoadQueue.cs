using Backup.Core.Archives;
using Backup.Core.Errors;

namespace Backup.Core.Restore;

/// <summary>Finds the pages of tables in the index and offers them as work.</summary>
/// <remarks>
/// Where the order of rows is kept, a table's pages go to one worker together, the most urgent table first; until they are loaded
/// their index entries are held, some 300 bytes for each page of about 1 MiB, but of a table with very many they are read again when it is
/// loaded. Otherwise pages go out as they are read, some of a table together, as each unit is a transaction.
/// </remarks>
internal sealed class LoadQueue(ArchiveReader archive, RestoreWork work, bool keepsOrder)
{
    private const string DataFolder = "database/data/";
    private const long UnitBytes = 32 * 1024 * 1024;

    // Reading the index once more takes far less time than loading so many pages.
    private const int MaxHeldPages = 4096;

    /// <summary>Reads the index to its end and offers every page of the tables.</summary>
    /// <param name="loads">The tables by their folders.</param>
    /// <param name="cancellationToken">Stops the offering.</param>
    /// <exception cref="ArchiveFormatException">The index is damaged.</exception>
    public async Task FillAsync(IReadOnlyDictionary<string, TableLoad> loads, CancellationToken cancellationToken)
    {
        var tables = new List<LoadUnit>();
        var gathered = new Gathered(null);
        await foreach (var entry in archive.ReadIndexAsync(DataFolder, cancellationToken).ConfigureAwait(false))
        {
            // The index is in the order of paths, so a table's pages follow one another.
            if (!loads.TryGetValue(entry.Path[..(entry.Path.LastIndexOf('/') + 1)], out var load))
            {
                continue;
            }

            if (gathered.Load != load || (!KeepsOrder(load) && gathered.RawBytes >= UnitBytes))
            {
                await OfferAsync(gathered, tables, cancellationToken).ConfigureAwait(false);
                gathered = new Gathered(load);
            }

            gathered.Add(entry);
        }

        await OfferAsync(gathered, tables, cancellationToken).ConfigureAwait(false);
        foreach (var unit in tables.OrderByDescending(unit => work.WeightOf(unit.Load)))
        {
            await work.AddAsync(unit, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task OfferAsync(Gathered gathered, List<LoadUnit> tables, CancellationToken cancellationToken)
    {
        if (gathered.Load is not { } load)
        {
            return;
        }

        if (KeepsOrder(load))
        {
            tables.Add(gathered.ToUnit(load));
            return;
        }

        load.Touch();
        await work.AddAsync(gathered.ToUnit(load), cancellationToken).ConfigureAwait(false);
    }

    // What is distributed is loaded in one transaction, since nobody could tell its rows from others and take them back.
    private bool KeepsOrder(TableLoad load) => (keepsOrder && !load.IsLargeObjects) || load.IsDistributed;

    // Pages of one table, as they come.
    private sealed class Gathered(TableLoad? load)
    {
        private List<IndexEntry>? _pages = [];
        private int _count;

        public TableLoad? Load { get; } = load;

        public long RawBytes { get; private set; }

        public void Add(IndexEntry entry)
        {
            _count++;
            RawBytes += entry.RawBytes;
            if (_count > MaxHeldPages)
            {
                _pages = null;
            }

            _pages?.Add(entry);
        }

        public LoadUnit ToUnit(TableLoad table) => new(table, _pages) { Count = _count };
    }
}
