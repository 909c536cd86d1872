using System.Text;
using Backup.Core.Postgres;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Backup.Core.IntegrationTests.Postgres;

/// <summary>Opens snapshots and reads them the way the pipeline does.</summary>
internal static class SnapshotReads
{
    /// <summary>Pages of one heap block: the finest cut there is.</summary>
    public static readonly PageLimits OneBlock = new() { MaxBlocks = 1 };

    /// <summary>Opens a snapshot whose rows are read by the own reader of the protocol, the coordinator then reading none, or through Npgsql.</summary>
    public static Task<SnapshotSession> OpenAsync(
        bool usesWire, PostgresSource source, TableSelection? selection = null, SnapshotOptions? options = null, ILogger? logger = null) =>
        SnapshotSession.OpenAsync(
            source,
            selection ?? TableSelection.Everything,
            (options ?? new SnapshotOptions { Connections = 1 }) with { UsesWire = usesWire },
            logger ?? NullLogger.Instance,
            CancellationToken.None);

    /// <summary>One page's bytes.</summary>
    public static async Task<byte[]> ReadAsync(this PageReader reader, TablePage page, int bufferBytes = 64 * 1024)
    {
        await reader.OpenAsync(page, CancellationToken.None);
        using var bytes = new MemoryStream();
        var buffer = new byte[bufferBytes];
        for (int count; (count = await reader.ReadAsync(buffer, CancellationToken.None)) > 0;)
            bytes.Write(buffer, 0, count);
        await reader.CloseAsync();
        return bytes.ToArray();
    }

    /// <summary>Every table's bytes by name, read page by page with all readers at once.</summary>
    public static async Task<SortedDictionary<string, byte[]>> ReadAllAsync(this SnapshotSession session, PageLimits? limits = null)
    {
        var pages = session.Tables.SelectMany(table => PagePlanner.Plan(table, limits ?? new PageLimits())).ToArray();
        var contents = new byte[pages.Length][];
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, session.Connections).Select(async number =>
        {
            await using var reader = session.OpenReader(number);
            for (int i; (i = Interlocked.Increment(ref next)) < pages.Length;)
                contents[i] = await reader.ReadAsync(pages[i]);
        }));

        var tables = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var table in session.Tables)
            tables[table.Name.ToString()] = [.. pages.Zip(contents).Where(pair => pair.First.Table == table).SelectMany(pair => pair.Second)];
        return tables;
    }

    /// <summary>Every table's bytes as Latin-1 text: one character a byte.</summary>
    public static async Task<SortedDictionary<string, string>> ReadTextAsync(this SnapshotSession session, PageLimits? limits = null)
    {
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, bytes) in await session.ReadAllAsync(limits))
            texts[name] = Encoding.Latin1.GetString(bytes);
        return texts;
    }
}
