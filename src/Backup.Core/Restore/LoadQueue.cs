using System.Threading.Channels;
using Backup.Core.Archives;
using Backup.Core.Errors;

namespace Backup.Core.Restore;

/// <summary>Hands the rows of the chosen tables to the loaders. The index is read once per step.</summary>
/// <remarks>
/// Where the order of rows is kept, a table's pages go to one loader together, the largest table first; until they are loaded
/// their index entries are held, some 300 bytes for each page of 32 MiB. Otherwise pages go out one by one as they are read.
/// </remarks>
internal sealed class LoadQueue(ArchiveReader archive, IReadOnlyDictionary<string, TableLoad> loads, bool keepsOrder, int capacity)
{
    private const string DataFolder = "database/data/";

    private readonly Channel<LoadUnit> _channel = Channel.CreateBounded<LoadUnit>(
        new BoundedChannelOptions(capacity) { SingleWriter = true });

    /// <summary>The units, for any number of loaders.</summary>
    public ChannelReader<LoadUnit> Reader => _channel.Reader;

    /// <summary>Reads the index to its end and offers every page of the tables; completes the queue in any case.</summary>
    /// <exception cref="ArchiveFormatException">The index is damaged.</exception>
    public async Task FillAsync(CancellationToken cancellationToken)
    {
        try
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
                    await _channel.Writer.WriteAsync(new LoadUnit(load, [entry]), cancellationToken).ConfigureAwait(false);
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

            foreach (var (load, pages) in tables.OrderByDescending(table => table.Key.Table.RawBytes))
            {
                await _channel.Writer.WriteAsync(new LoadUnit(load, pages), cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _channel.Writer.Complete();
        }
    }
}

/// <summary>Rows that one loader loads in one transaction.</summary>
/// <param name="Load">The table they belong to.</param>
/// <param name="Pages">All pages of it, in order, or one of them.</param>
internal readonly record struct LoadUnit(TableLoad Load, IReadOnlyList<IndexEntry> Pages)
{
    /// <summary>Whether these are all the rows of the table.</summary>
    public bool IsWholeTable => Pages.Count == Load.Table.Pages;
}
