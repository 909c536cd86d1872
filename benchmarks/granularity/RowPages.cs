using Backup.Core.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace Backup.Core.Granularity;

/// <summary>Reads all tables of a database as a backup does, over one connection, in pages of any number of blocks.</summary>
/// <param name="connectionString">The database.</param>
/// <param name="pageBlocks">The blocks of a page.</param>
/// <param name="batchPages">For how many pages the server is asked at once.</param>
internal sealed class RowPages(string connectionString, int pageBlocks, int batchPages)
{
    private const int ReadBytes = 1024 * 1024;

    /// <summary>Reads everything.</summary>
    /// <param name="begin">Called before each page.</param>
    /// <param name="memory">Gives the room for the next bytes.</param>
    /// <param name="take">Takes the bytes in.</param>
    /// <param name="end">Called after each page; the second argument says whether it was the table's last.</param>
    public async Task ReadAsync(Action<TablePage> begin, Func<int, Memory<byte>> memory, Action<int> take, Func<TablePage, bool, Task> end)
    {
        await using var source = PostgresSource.FromConnectionString(connectionString);
        await using var session = await SnapshotSession.OpenAsync(
            source,
            new TableSelection(),
            new SnapshotOptions { Connections = 1 },
            NullLogger.Instance,
            CancellationToken.None);
        var reader = session.OpenReader(0);
        foreach (var table in session.Tables)
        {
            foreach (var batch in PagePlanner.Plan(table, new PageLayout(table.HeapBlocks, pageBlocks)).Chunk(batchPages))
            {
                if (batch.Length > 1)
                {
                    reader.Announce(batch);
                }

                foreach (var page in batch)
                {
                    begin(page);
                    await reader.OpenAsync(page, CancellationToken.None);
                    for (var count = -1; count != 0;)
                    {
                        count = await reader.ReadAsync(memory(ReadBytes), CancellationToken.None);
                        take(count);
                    }

                    await reader.CloseAsync();
                    await end(page, page.EndBlock is null);
                }
            }
        }
    }
}
