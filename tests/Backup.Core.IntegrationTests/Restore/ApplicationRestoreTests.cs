using Backup.Core.Archives;
using Backup.Core.Errors;
using Backup.Core.Postgres;
using Backup.Core.Restore;
using Backup.Core.Verification;
using Backup.TestKit.PostgreSql;
using Npgsql;

namespace Backup.Core.IntegrationTests.Restore;

[Collection(RestoreCollection.Name)]
public sealed class ApplicationRestoreTests(PostgresFixture postgres, ApplicationBackup backup) : IClassFixture<ApplicationBackup>
{
    [Fact]
    public async Task VerifyAsync_FreshBackup_IsIntact()
    {
        var manifest = await new Core.Catalog.BackupCatalog(backup.Sink).FindAsync("latest");

        var report = await new BackupVerifier(backup.Sink).VerifyAsync(manifest.Id);

        Assert.Empty(report.Findings);
        Assert.True(manifest.Volumes.Count > 1);
        Assert.Contains(manifest.Database!.Tables, table => table.Pages > 1);
    }

    [Fact]
    public async Task RunAsync_EmptyTarget_BringsSchemaAndRowsBackIdentical()
    {
        var target = await postgres.CreateDatabaseAsync();
        var reports = new List<RestoreProgress>();

        var result = await backup.RestoreAsync(target, new RestoreRequest(), new Recorder(reports));

        Assert.Empty(result.Failures);
        Assert.Equal(RestoreOutcome.Complete, result.Outcome);
        await AssertIdenticalAsync(target);
        Assert.Equal(result.Plan.Rows, result.Rows);
        Assert.Equal(RestorePhase.Completed, reports[^1].Phase);
        Assert.Equal(100, reports[^1].Percent);
        Assert.Equal(result.Plan.RawBytes, reports[^1].RawBytes);
        Assert.Equal(reports.Select(report => report.Percent).Order(), reports.Select(report => report.Percent));
    }

    [Fact]
    public async Task RunAsync_SchemaThenRows_GivesTheSame()
    {
        var target = await postgres.CreateDatabaseAsync();

        var schema = await backup.RestoreAsync(target, new RestoreRequest { Scope = RestoreScope.SchemaOnly });
        Assert.Empty(schema.Failures);
        Assert.Equal(0, schema.Rows);
        var rows = await backup.RestoreAsync(target, new RestoreRequest { Scope = RestoreScope.DataOnly });
        Assert.Empty(rows.Failures);

        await AssertIdenticalAsync(target);
    }

    [Fact]
    public async Task RunAsync_RowsIntoFilledTables_RefusesUnlessCleaned()
    {
        var target = await postgres.CreateDatabaseAsync();
        await backup.RestoreAsync(target, new RestoreRequest());
        var request = new RestoreRequest { Scope = RestoreScope.DataOnly };

        var refusal = await Assert.ThrowsAsync<RestoreException>(() => backup.RestoreAsync(target, request));
        Assert.Contains("hold rows", refusal.Message, StringComparison.Ordinal);
        var result = await backup.RestoreAsync(target, request with { Clean = true });

        Assert.Empty(result.Failures);
        await AssertIdenticalAsync(target);
    }

    [Fact]
    public async Task RunAsync_TargetHoldsTheObjects_RefusesUnlessCleaned()
    {
        var target = await postgres.CreateDatabaseAsync();
        await backup.RestoreAsync(target, new RestoreRequest { Scope = RestoreScope.SchemaOnly });

        var refusal = await Assert.ThrowsAsync<RestoreException>(() => backup.RestoreAsync(target, new RestoreRequest()));
        Assert.Contains("already holds", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was changed", refusal.Message, StringComparison.Ordinal);
        var result = await backup.RestoreAsync(target, new RestoreRequest { Clean = true });

        Assert.Empty(result.Failures);
        await AssertIdenticalAsync(target);
    }

    [Fact]
    public async Task RunAsync_CleanIntoAnEmptyTarget_GivesTheSame()
    {
        var target = await postgres.CreateDatabaseAsync();

        var result = await backup.RestoreAsync(target, new RestoreRequest { Clean = true });

        Assert.Empty(result.Failures);
        await AssertIdenticalAsync(target);
    }

    [Fact]
    public async Task RunAsync_CleanWithObjectsFromElsewhere_LeavesThose()
    {
        var target = await postgres.CreateDatabaseAsync();
        await backup.RestoreAsync(target, new RestoreRequest { Scope = RestoreScope.SchemaOnly });
        await ExecuteAsync(target, "CREATE TABLE shop.from_elsewhere (id int); INSERT INTO shop.from_elsewhere VALUES (7)");

        var result = await backup.RestoreAsync(target, new RestoreRequest { Clean = true });

        Assert.Empty(result.Failures);
        Assert.Equal(7, await ScalarAsync<int>(target, "SELECT id FROM shop.from_elsewhere"));
        Assert.Empty(TableDigest.Differences(
            backup.Rows, (await TableDigest.ReadAsync(target)).Where(row => row.Key != "shop.from_elsewhere").ToDictionary()));
    }

    [Fact]
    public async Task RunAsync_DryRun_PlansAndChangesNothing()
    {
        var target = await postgres.CreateDatabaseAsync();
        var before = await PgDump.SchemaAsync(target);

        var result = await backup.RestoreAsync(target, new RestoreRequest { DryRun = true });

        Assert.Equal(RestoreOutcome.Planned, result.Outcome);
        Assert.Empty(result.Plan.Obstacles);
        Assert.Empty(result.Plan.Existing);
        Assert.Contains(result.Plan.Objects, item => item is { Kind: "TABLE", Exists: false });
        Assert.True(result.Plan.Rows > 0);
        Assert.Equal(before, await PgDump.SchemaAsync(target));
    }

    [Fact]
    public async Task RunAsync_DryRunIntoAFilledTarget_NamesWhatIsInTheWay()
    {
        var result = await backup.RestoreAsync(backup.Source, new RestoreRequest { DryRun = true });

        Assert.Contains("already holds", Assert.Single(result.Plan.Obstacles), StringComparison.Ordinal);
        Assert.NotEmpty(result.Plan.Existing);
    }

    [Fact]
    public async Task RunAsync_OneTable_BringsItAloneAndReportsItsForeignKeys()
    {
        var target = await postgres.CreateDatabaseAsync();

        var result = await backup.RestoreAsync(
            target, new RestoreRequest { Tables = new TableSelection { IncludeTables = ["shop.orders*"] } });

        Assert.Empty(result.Failures);
        Assert.Contains(result.Plan.LeftOut, item => item.Kind == "FK CONSTRAINT");
        var restored = await TableDigest.ReadAsync(target);
        Assert.Contains(restored, row => row.Key.StartsWith("shop.orders", StringComparison.Ordinal));
        Assert.DoesNotContain("shop.customers", restored.Keys);
        Assert.All(restored, row => Assert.Equal(backup.Rows[row.Key], row.Value));
    }

    [Fact]
    public async Task RunAsync_PatternThatMatchesNothing_SaysSo()
    {
        var exception = await Assert.ThrowsAsync<RestoreException>(() => backup.RestoreAsync(
            backup.Source, new RestoreRequest { Tables = new TableSelection { IncludeTables = ["shop.nothing"] } }));

        Assert.Contains("shop.nothing", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_UnknownId_NamesTheNearest()
    {
        var exception = await Assert.ThrowsAsync<BackupNotFoundException>(() => backup.RestoreAsync(
            backup.Source, new RestoreRequest { Backup = new BackupId("20000101T000000Z-0000") }));

        Assert.NotNull(exception.Hint);
    }

    [Fact]
    public async Task RunAsync_CancelledWhileRowsLoad_StopsAndLeavesEachTableWholeOrEmpty()
    {
        var target = await postgres.CreateDatabaseAsync();
        using var stop = new CancellationTokenSource();
        var progress = new Watcher(report =>
        {
            if (report is { Phase: RestorePhase.Data, RawBytes: > 0 })
            {
                stop.Cancel();
            }
        });
        var pipeline = new RestorePipelineBuilder().UseSink(backup.Sink).UsePostgres(target)
            .ConfigureOptions(options => options.ProgressInterval = TimeSpan.Zero).Build();

        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => pipeline.RunAsync(new RestoreRequest(), progress, stop.Token));

        Assert.Equal(stop.Token, exception.CancellationToken);
        await AssertWholeOrEmptyAsync(target);
    }

    [Fact]
    public async Task RunAsync_ConnectionsLostWhileRowsLoad_NamesTheTablesAndLeavesEachWholeOrEmpty()
    {
        var target = await postgres.CreateDatabaseAsync();
        var isCut = false;
        var progress = new Watcher(report =>
        {
            if (!isCut && report is { Phase: RestorePhase.Data, RawBytes: > 1_000_000 })
            {
                isCut = true;
                CutConnections(target);
            }
        });
        var pipeline = new RestorePipelineBuilder().UseSink(backup.Sink).UsePostgres(target)
            .ConfigureOptions(options => options.ProgressInterval = TimeSpan.Zero).Build();

        var result = await pipeline.RunAsync(new RestoreRequest(), progress);

        Assert.Equal(RestoreOutcome.CompletedWithFailures, result.Outcome);
        Assert.Contains(result.Failures, failure => failure.Kind == "TABLE DATA");
        await AssertWholeOrEmptyAsync(target);
    }

    private async Task AssertWholeOrEmptyAsync(string target)
    {
        foreach (var (name, digest) in (await TableDigest.ReadAsync(target)).Where(row => row.Value.Contains("rows", StringComparison.Ordinal)))
        {
            Assert.True(digest == backup.Rows[name] || digest.StartsWith("0 rows", StringComparison.Ordinal), $"{name}: {digest}");
        }
    }

    // Called where only synchronous work can be done: in the midst of a report of progress.
    private static void CutConnections(string target)
    {
        var settings = new NpgsqlConnectionStringBuilder(target);
        using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(target) { Database = "postgres" }.ConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = settings.Database });
        command.ExecuteScalar();
    }

    private async Task AssertIdenticalAsync(string target)
    {
        Assert.Empty(TableDigest.Differences(backup.Rows, await TableDigest.ReadAsync(target)));
        Assert.Equal(backup.Schema, await PgDump.SchemaAsync(target));
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = await PostgresFixture.OpenAsync(connectionString);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<T> ScalarAsync<T>(string connectionString, string sql)
    {
        await using var connection = await PostgresFixture.OpenAsync(connectionString);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private sealed class Recorder(List<RestoreProgress> reports) : IProgress<RestoreProgress>
    {
        public void Report(RestoreProgress value) => reports.Add(value);
    }

    private sealed class Watcher(Action<RestoreProgress> watch) : IProgress<RestoreProgress>
    {
        public void Report(RestoreProgress value) => watch(value);
    }
}
