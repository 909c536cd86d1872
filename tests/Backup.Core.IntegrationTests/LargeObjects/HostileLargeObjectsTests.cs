using System.Text;
using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Compression;
using Backup.Core.Errors;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.TestKit.Archives;
using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.LargeObjects;

/// <summary>Backups whose two tables of large objects say what no backup says.</summary>
[Collection(RestoreCollection.Name)]
public sealed class HostileLargeObjectsTests(PostgresFixture postgres)
{
    private const string Good = "5\tpostgres\t\\N\t\\N\t\\N\n";

    [Fact]
    public async Task RunAsync_ListIsNone_SaysSoAndChangesNothing()
    {
        var target = await postgres.CreateDatabaseAsync();
        string[] lists =
        [
            "\\N\tpostgres\t\\N\t\\N\t\\N\n", "5\t\\N\t\\N\t\\N\t\\N\n", "five\tpostgres\t\\N\t\\N\t\\N\n", "5\tpostgres\n", "5\tpostgres\t{\t\\N\t\\N\n",
        ];

        foreach (var list in lists)
        {
            var error = await Record.ExceptionAsync(() => RestoreAsync(target, list, ""));

            Assert.True(error is BackupException, $"{list}: {error}");
            Assert.Empty(await LargeObjectState.ReadAsync(target));
        }
    }

    [Fact]
    public async Task RunAsync_RoleOfTheListIsMissing_IsPassedOver()
    {
        var target = await postgres.CreateDatabaseAsync();

        var result = await RestoreAsync(target, "5\tpostgres\t{NULL}\t\\N\t\\N\n", "5\t0\t\\\\x00\n");

        Assert.Empty(result.Failures);
        Assert.Single(await LargeObjectState.ReadAsync(target));
    }

    [Fact]
    public async Task RunAsync_ContentsBelongNowhere_AreAFailureOfThem()
    {
        var target = await postgres.CreateDatabaseAsync();
        string[] pages = ["6\t0\t\\\\x00\n", "5\t-1\t\\\\x00\n", "5\t9000000000000000000\t\\\\x00\n", "\\N\t0\t\\\\x00\n5\tx\t\\\\x00\n", "5\t0\t\\\\x0\n"];

        foreach (var page in pages)
        {
            var result = await RestoreAsync(target, Good, page);

            Assert.Equal((page, "pg_catalog.pg_largeobject"), (page, Assert.Single(result.Failures).Subject));
            Assert.Equal(RestoreOutcome.CompletedWithFailures, result.Outcome);
        }
    }

    private static async Task<RestoreResult> RestoreAsync(string target, string list, string contents)
    {
        var sink = new InMemorySink();
        await using (var writer = new ArchiveWriter(sink, ArchiveBuilder.Id, new ArchiveWriterOptions()))
        {
            await writer.AppendAsync(EntryPaths.Toc, """{"version":1,"entries":[]}"""u8.ToArray(), new NoCompressor());
            TableRecord[] tables =
            [
                await AppendAsync(writer, "pg_largeobject", ["oid", "offset", "data"], contents),
                await AppendAsync(writer, "pg_largeobject_metadata", ["oid", "owner", "roles", "privileges", "comments"], list),
            ];
            var written = await writer.CompleteAsync(CancellationToken.None);
            await writer.CommitAsync(
                ArchiveBuilder.ManifestOf(written) with
                {
                    FormatVersion = "1.4",
                    Database = new DatabaseSection
                    {
                        Name = "hostile",
                        ServerVersion = "15.18",
                        ServerVersionNumber = 150018,
                        Encoding = "UTF8",
                        SnapshotAt = DateTimeOffset.UnixEpoch,
                        Tables = tables,
                    },
                    Totals = written.ToTotals(tables.Sum(table => table.Rows), 0),
                },
                CancellationToken.None);
        }

        return await new RestorePipelineBuilder().UsePostgres(target).UseSink(sink).Build()
            .RunAsync(new RestoreRequest { Scope = RestoreScope.DataOnly, Clean = true });
    }

    private static async Task<TableRecord> AppendAsync(ArchiveWriter writer, string name, string[] columns, string page)
    {
        var record = new TableRecord
        {
            Schema = "pg_catalog",
            Name = name,
            Path = EntryPaths.TableFolder("pg_catalog", name),
            Columns = columns,
            Pages = 1,
            Rows = page.Count(character => character == '\n'),
            RawBytes = page.Length,
        };
        await writer.AppendAsync(EntryPaths.Page(record.Path, 1), Encoding.UTF8.GetBytes(page), new NoCompressor());
        return record;
    }
}
