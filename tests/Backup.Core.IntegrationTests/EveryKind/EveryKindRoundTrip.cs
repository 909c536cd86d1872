using Backup.Core.IntegrationTests.Schema;
using Backup.Core.Pipeline;
using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.EveryKind;

/// <summary>Backs a database up and restores it, and compares the two in all ways that work with every version of PostgreSQL.</summary>
internal static class EveryKindRoundTrip
{
    /// <summary>Copies a database through a backup.</summary>
    /// <param name="source">The database.</param>
    /// <param name="target">An empty one, as the role that restores.</param>
    public static async Task CopyAsync(string source, string target)
    {
        var sink = new InMemorySink();
        var backup = await new BackupPipelineBuilder().UsePostgres(source).UseSink(sink)
            .ConfigureOptions(options => options.Connections = 2).Build().RunAsync(new BackupRequest());
        Assert.Equal(BackupOutcome.Complete, backup.Outcome);
        var restored = await new RestorePipelineBuilder().UsePostgres(target).UseSink(sink).Build()
            .RunAsync(new RestoreRequest { Backup = backup.Id });
        Assert.Empty(restored.Failures);
        Assert.Equal(RestoreOutcome.Complete, restored.Outcome);
    }

    /// <summary>Asserts that rows, sequences, catalogs and what a backup reads of the catalogs are the same.</summary>
    public static async Task AssertSameAsync(string source, string target)
    {
        AssertNone(TableDigest.Differences(await TableDigest.ReadAsync(source), await TableDigest.ReadAsync(target)));
        AssertNone(CatalogText.Differences(await CatalogText.ReadAsync(source), await CatalogText.ReadAsync(target)));
        Assert.Equal(await EntriesAsync(source), await EntriesAsync(target));
    }

    // All of them, uncut: an assertion about a collection shows little of it.
    private static void AssertNone(IReadOnlyList<string> differences) => Assert.Equal("", string.Join('\n', differences));

    private static async Task<IEnumerable<string>> EntriesAsync(string database)
    {
        var schema = await SchemaRoundTrip.ReadAsync(database, TableSelection.Everything);
        var names = schema.Entries.ToDictionary(entry => entry.Id, NameOf);
        return schema.Entries.Select(entry => string.Join(
            '\n',
            [
                $"{entry.Section} {NameOf(entry)}", entry.Create, entry.SetOwner, entry.Drop,
                .. entry.DependsOn.Select(id => names[id]).Order(StringComparer.Ordinal),
            ]));
    }

    private static string NameOf(TocEntry entry) => $"{entry.Kind} {entry.Schema} {entry.Table} {entry.Name}";
}
