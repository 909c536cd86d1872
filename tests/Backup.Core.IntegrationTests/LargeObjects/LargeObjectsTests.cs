using Backup.Core.Archives.Manifest;
using Backup.Core.Errors;
using Backup.Core.IntegrationTests.Pipeline;
using Backup.Core.Pipeline;
using Backup.Core.Postgres;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.Core.Verification;
using Backup.TestKit;
using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.LargeObjects;

[Collection(RestoreCollection.Name)]
public sealed class LargeObjectsTests(PostgresFixture postgres)
{
    private const string Metadata = "pg_largeobject_metadata";
    private const string Contents = "pg_largeobject";

    [Fact]
    public async Task RunAsync_ObjectsOfEveryShape_ComeBackAsTheyWere()
    {
        var source = await CreateAsync();
        await LargeObjectState.ExecuteAsync(source, LargeObjectState.Lengthen);
        var sink = new InMemorySink();

        var backup = await BackUpAsync(source, sink);
        var target = await postgres.CreateDatabaseAsync();
        var restored = await RestoreAsync(sink, target, new RestoreRequest());

        Assert.Equal([Contents, Metadata], backup.Manifest!.Database!.Tables.Select(table => table.Name));
        Assert.Empty((await new BackupVerifier(sink).VerifyAsync(backup.Id)).Findings);
        Assert.Equal(RestoreOutcome.Complete, restored.Outcome);
        Assert.Equal(backup.Totals.Rows, restored.Rows);
        Assert.Equal(await LargeObjectState.ReadAsync(source), await LargeObjectState.ReadAsync(target));
        Assert.Equal(await PgDump.RunAsync(source, "--blobs"), await PgDump.RunAsync(target, "--blobs"));
    }

    // Owners are given last, so that the one who restores may write into what becomes another's.
    [Fact]
    public async Task RunAsync_RoleThatMayReadTheObjectsOnly_ReadsThemOneByOne()
    {
        var source = await CreateAsync();
        await LargeObjectState.ExecuteAsync(
            source, $"GRANT SELECT ON LARGE OBJECT 100, 200, 300, 400, 500, 4000000000 TO {LargeObjectState.Reader}");
        var sink = new InMemorySink();

        await BackUpAsync(LargeObjectState.AsReader(source), sink);
        var target = await postgres.CreateDatabaseAsync();
        await RestoreAsync(sink, target, new RestoreRequest());

        Assert.Equal(await LargeObjectState.ReadAsync(source), await LargeObjectState.ReadAsync(target));
    }

    [Fact]
    public async Task RunAsync_RoleThatMayNotReadAll_FailsAndNamesOne()
    {
        var source = await CreateAsync();

        var error = await Assert.ThrowsAsync<DatabaseException>(() => BackUpAsync(LargeObjectState.AsReader(source), new InMemorySink()));

        Assert.Equal("The role lob_backup may not read large object 100 and 4 more.", error.Message);
        Assert.Equal(ErrorCategory.Rights, error.Category);
    }

    [Fact]
    public async Task RunAsync_RoleThatMayNotReadAllAndTablesMayFail_LeavesThemOutAndSaysSo()
    {
        var source = await CreateAsync();

        var backup = await new BackupPipelineBuilder().UsePostgres(LargeObjectState.AsReader(source)).UseSink(new InMemorySink()).Build()
            .RunAsync(new BackupRequest { Failures = new FailurePolicy { Tables = FailureLimit.Continue } });

        Assert.Equal(BackupOutcome.CompletedWithFailures, backup.Outcome);
        Assert.Equal("pg_catalog.pg_largeobject", Assert.Single(backup.Failures).Subject);
        Assert.Empty(backup.Manifest!.Database!.Tables);
    }

    [Fact]
    public async Task RunAsync_TablesChosenOrObjectsExcluded_LeavesThemOut()
    {
        var source = await CreateAsync();
        await LargeObjectState.ExecuteAsync(source, "CREATE TABLE public.t (id int)");

        var chosen = await BackUpAsync(source, new InMemorySink(), new TableSelection { IncludeTables = ["public.t"] });
        var excluded = await BackUpAsync(source, new InMemorySink(), new TableSelection { ExcludeTables = ["pg_catalog.pg_largeobject"] });

        Assert.Equal(["t"], chosen.Manifest!.Database!.Tables.Select(table => table.Name));
        Assert.Equal(["t"], excluded.Manifest!.Database!.Tables.Select(table => table.Name));
    }

    [Fact]
    public async Task RunAsync_ObjectsInTheWay_RefusesUnlessCleanWhichReplacesThem()
    {
        var source = await CreateAsync();
        var sink = new InMemorySink();
        await BackUpAsync(source, sink);
        var before = await LargeObjectState.ReadAsync(source);
        await LargeObjectState.ExecuteAsync(source, "SELECT lo_unlink(100), lo_put(200, 0, 'changed'), lo_create(7)");

        var refused = await Assert.ThrowsAsync<RestoreException>(() => RestoreAsync(sink, source, new RestoreRequest { Scope = RestoreScope.DataOnly }));
        await RestoreAsync(sink, source, new RestoreRequest { Scope = RestoreScope.DataOnly, Clean = true });

        Assert.Contains("5 of the backup's large objects: 200, 300, 400, 500, 4000000000.", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["7|postgres|0|d41d8cd98f00b204e9800998ecf8427e", .. before], await LargeObjectState.ReadAsync(source));
    }

    [Fact]
    public async Task RunAsync_RestorerWithoutRightsOfItsOwn_OwnsThemWhereOwnersAreSkipped()
    {
        var source = await CreateAsync();
        var sink = new InMemorySink();
        await BackUpAsync(source, sink);
        var target = await postgres.CreateDatabaseAsync();

        var result = await RestoreAsync(sink, LargeObjectState.AsReader(target), new RestoreRequest { SkipOwnersAndPrivileges = true });

        Assert.Empty(result.Failures);
        Assert.Equal(
            (await LargeObjectState.ReadAsync(source)).Select(WithoutRights),
            (await LargeObjectState.ReadAsync(target)).Select(WithoutRights));
        Assert.All(await LargeObjectState.ReadAsync(target), line => Assert.Contains($"|{LargeObjectState.Reader}|", line, StringComparison.Ordinal));

        static string WithoutRights(string line)
        {
            var fields = line.Split('|').ToList();
            fields.RemoveAll(field => field.Contains('{', StringComparison.Ordinal));
            return string.Join('|', fields.Where((_, place) => place != 1));
        }
    }

    [Fact]
    public async Task RunAsync_OwnersThatTheTargetLacksTheRightFor_ReportsTheFirstFew()
    {
        var source = await CreateAsync();
        await LargeObjectState.ExecuteAsync(source, "DO $$ BEGIN FOR i IN 1..20 LOOP PERFORM lo_create(i); END LOOP; END $$");
        var sink = new InMemorySink();
        await BackUpAsync(source, sink);
        var target = await postgres.CreateDatabaseAsync();

        var result = await RestoreAsync(sink, LargeObjectState.AsReader(target), new RestoreRequest());

        Assert.Equal(["1", "2", "3", "4", "5", "large objects"], result.Failures.Select(failure => failure.Subject));
        Assert.Equal(RestoreOutcome.CompletedWithFailures, result.Outcome);
        Assert.Equal(26, (await LargeObjectState.ReadAsync(target)).Count);
    }

    [Fact]
    public async Task RunAsync_Incremental_RefersToPagesThatAreTheSame()
    {
        var source = await CreateAsync();
        await LargeObjectState.ExecuteAsync(
            source,
            "SELECT lo_create(600); SELECT lo_put(600, n * 50000, convert_to((SELECT string_agg(md5(n || ' ' || i), '') FROM generate_series(1, 1500) i), 'UTF8')) FROM generate_series(0, 60) n");
        var sink = new InMemorySink();
        await BackUpAsync(source, sink);
        await LargeObjectState.ExecuteAsync(source, "SELECT lo_put(600, 0, 'changed'); COMMENT ON LARGE OBJECT 600 IS 'changed as well'");

        var second = await BackUpAsync(source, sink, isIncremental: true);
        var target = await postgres.CreateDatabaseAsync();
        await RestoreAsync(sink, target, new RestoreRequest { Backup = second.Id });

        Assert.Equal(BackupKind.Incremental, second.Kind);
        Assert.True(second.Totals.ReferencedEntries > 5);
        Assert.Equal(await LargeObjectState.ReadAsync(source), await LargeObjectState.ReadAsync(target));
    }

    [Fact]
    public async Task Guide_Followed_BringsThemBackWithPsqlAlone()
    {
        var source = await CreateAsync();
        using var folder = new TemporaryFolder();

        var backup = await BackUpAsync(source, new DirectorySink(folder.Path));
        var target = await postgres.CreateDatabaseAsync();
        await HandRestore.RunAsync(folder, backup, target);

        Assert.Equal(await LargeObjectState.ReadAsync(source), await LargeObjectState.ReadAsync(target));
    }

    private async Task<string> CreateAsync()
    {
        var database = await postgres.CreateDatabaseAsync();
        await LargeObjectState.CreateAsync(database);
        return database;
    }

    private static Task<BackupResult> BackUpAsync(string database, IBackupSink sink, TableSelection? tables = null, bool isIncremental = false) =>
        new BackupPipelineBuilder().UsePostgres(database).UseSink(sink).ConfigureOptions(options => options.Codec = "deflate").Build()
            .RunAsync(new BackupRequest { Tables = tables ?? TableSelection.Everything, Incremental = isIncremental });

    private static Task<RestoreResult> RestoreAsync(IBackupSink sink, string database, RestoreRequest request) =>
        new RestorePipelineBuilder().UsePostgres(database).UseSink(sink).Build().RunAsync(request);
}
