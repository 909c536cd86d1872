using System.Threading.Channels;
using Backup.Core.Archives;
using Backup.Core.Errors;

namespace Backup.Core.Restore;

/// <summary>Hands the pages of the chosen tables to the loaders in the order of the index, which is streamed once per step.</summary>
internal sealed class PageQueue(ArchiveReader archive, IReadOnlyDictionary<string, TableLoad> loads, int capacity)
{
    private const string DataFolder = "database/data/";

    private readonly Channel<LoadPage> _channel = Channel.CreateBounded<LoadPage>(
        new BoundedChannelOptions(capacity) { SingleWriter = true });

    /// <summary>The pages, for any number of loaders.</summary>
    public ChannelReader<LoadPage> Reader => _channel.Reader;

    /// <summary>Reads the index to its end and offers every page of the tables; completes the queue in any case.</summary>
    /// <exception cref="ArchiveFormatException">The index is damaged.</exception>
    public async Task FillAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var entry in archive.ReadIndexAsync(DataFolder, cancellationToken).ConfigureAwait(false))
            {
                if (loads.TryGetValue(entry.Path[..(entry.Path.LastIndexOf('/') + 1)], out var load))
                {
                    load.Announce();
                    await _channel.Writer.WriteAsync(new LoadPage(load, entry), cancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            _channel.Writer.Complete();
        }
    }
}

/// <summary>One page to load.</summary>
/// <param name="Load">The table it belongs to.</param>
/// <param name="Entry">Where it is.</param>
internal readonly record struct LoadPage(TableLoad Load, IndexEntry Entry);
