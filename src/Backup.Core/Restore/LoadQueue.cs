using Backup.Core.Archives;
using Backup.Core.Errors;

namespace Backup.Core.Restore;

/// <summary>Finds the pages of tables in the index and offers them as work.</summary>
/// <remarks>
/// Where the order of rows is kept, a table's pages go to one worker together, the most urgent table first; until they are loaded
/// their index entries are held, some 300 bytes for each page of 32 MiB. Otherwise pages go out one by one as they are read.
/// </remarks>
internal sealed class LoadQueue(ArchiveReader archive, RestoreWork work, bool keepsOrder)
{
    private const string DataFolder = "database/data/";

    /// <summary>Reads the index to its end and offers every page of the tables.</summary>
    /// <param name="loads">The tables by their folders.</param>
    /// <param name="cancellationToken">Stops the offering.</param>
    /// <exception cref="ArchiveFormatException">The index is damaged.</exception>
    public async Task FillAsync(IReadOnlyDictionary<string, TableLoad> loads, CancellationToken cancellationToken)
    {
        var tables = new Dictionary<TableLoad, List<IndexEntry>>();
        await foreach (var entry in archive.ReadIndexAsync(DataFolder, cancellationToken).ConfigureAwait(false))
        {
            if (!loads.TryGetValue(entry.Path[..(entry.Path.LastIndexOf('/') + 1)], out var load))
            {
                continue;
            }

            if (!keepsOrder)
            {
                load.Touch();
                await work.AddAsync(new LoadUnit(load, [entry]), cancellationToken).ConfigureAwait(false);
            }
            else if (tables.TryGetValue(load, out var pages))
            {
                pages.Add(entry);
            }
            else
            {
                tables.Add(load, [entry]);
            }
        }

        foreach (var (load, pages) in tables.OrderByDescending(table => work.WeightOf(table.Key)))
        {
            await work.AddAsync(new LoadUnit(load, pages), cancellationToken).ConfigureAwait(false);
        }
    }
}

/// <summary>Rows that one worker loads in one transaction.</summary>
/// <param name="Load">The table they belong to.</param>
/// <param name="Pages">All pages of it, in order, or one of them.</param>
internal readonly record struct LoadUnit(TableLoad Load, IReadOnlyList<IndexEntry> Pages)
{
    /// <summary>Whether these are all the rows of the table.</summary>
    public bool IsWholeTable => Pages.Count == Load.Table.Pages;
}
