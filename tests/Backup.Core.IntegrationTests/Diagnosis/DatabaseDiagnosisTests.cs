using Backup.Core.Diagnosis;
using Backup.Core.IntegrationTests.Postgres;
using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.Core.Postgres;
using Backup.TestKit.PostgreSql;
using Backup.TestKit.Storage;

namespace Backup.Core.IntegrationTests.Diagnosis;

/// <summary>What a diagnosis makes of real servers.</summary>
[Collection(PostgresFixture.Collection)]
public sealed class DatabaseDiagnosisTests(PostgresFixture fixture)
{
    private const string Tables =
        """
        CREATE TABLE film (id serial PRIMARY KEY, title text);
        CREATE TABLE actor (id int GENERATED ALWAYS AS IDENTITY, name text);
        INSERT INTO film (title) SELECT repeat('x', 500) FROM generate_series(1, 500);
        """;

    private static readonly string[] All =
    [
        "database.connection", "database.version", "database.encoding", "database.replication", "database.connections",
        "database.timeLimits", "database.pooler", "database.snapshot", "database.tables", "database.rowSecurity",
        "database.sequences", "database.locks", "database.schema",
    ];

    [Fact]
    public async Task RunAsync_OwnerOfEverything_IsFineThroughout()
    {
        await using var database = await TestDatabase.CreateAsync(fixture, Tables);

        var checks = await DiagnoseAsync(database.Source);

        Assert.Equal(All, checks.Select(check => check.Id));
        Assert.All(checks, check => Assert.True(check.Status == DiagnosisStatus.Ok, check.ToString()));
        Assert.Contains("2 tables", Find(checks, "tables").Finding, StringComparison.Ordinal);
        Assert.Contains("2 sequences", Find(checks, "sequences").Finding, StringComparison.Ordinal);
        Assert.Contains("server itself", Find(checks, "pooler").Finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_RoleWithoutRights_NamesTablesSequencesAndPolicies()
    {
        await using var database = await TestDatabase.CreateAsync(
            fixture,
            Tables + """
            CREATE TABLE secret (id int);
            CREATE TABLE tenant (id int); ALTER TABLE tenant ENABLE ROW LEVEL SECURITY;
            DO $$ BEGIN CREATE ROLE diagnosed_reader LOGIN PASSWORD 'plain'; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
            GRANT SELECT ON film, actor, tenant TO diagnosed_reader; GRANT SELECT ON SEQUENCE film_id_seq TO diagnosed_reader;
            """);
        await using var source = As(database, "diagnosed_reader");

        var checks = await DiagnoseAsync(source);

        AssertFailed(Find(checks, "tables"), "public.secret", "GRANT SELECT on public.secret");
        AssertFailed(Find(checks, "rowSecurity"), "public.tenant", "BYPASSRLS");
        AssertFailed(Find(checks, "sequences"), "public.actor_id_seq", "ALL SEQUENCES IN SCHEMA public");
        Assert.Equal(DiagnosisStatus.Ok, Find(checks, "snapshot").Status);
        Assert.Equal(All, checks.Select(check => check.Id));

        var chosen = await DiagnoseAsync(source, new TableSelection { IncludeTables = ["public.film"] });
        Assert.Equal(DiagnosisStatus.Ok, Find(chosen, "tables").Status);
    }

    [Fact]
    public async Task RunAsync_RoleWithLimitsOfTimeAndConnections_SaysWhichAndGoesOn()
    {
        await using var database = await TestDatabase.CreateAsync(
            fixture,
            Tables + """
            DO $$ BEGIN CREATE ROLE diagnosed_limited LOGIN PASSWORD 'plain' CONNECTION LIMIT 1 IN ROLE pg_read_all_data;
            EXCEPTION WHEN duplicate_object THEN NULL; END $$;
            ALTER ROLE diagnosed_limited SET statement_timeout = '7s'; ALTER ROLE diagnosed_limited SET idle_in_transaction_session_timeout = '9s';
            """);
        await using var source = As(database, "diagnosed_limited");

        var checks = await DiagnoseAsync(source);

        Assert.Contains("idle_in_transaction_session_timeout = 9s, statement_timeout = 7s", Find(checks, "timeLimits").Finding, StringComparison.Ordinal);
        AssertWarned(Find(checks, "connections"), "Only 1 connection", "role diagnosed_limited");
        AssertWarned(Find(checks, "snapshot"), "no second connection", "too many connections");
        Assert.Equal(DiagnosisStatus.Ok, Find(checks, "tables").Status);
    }

    [Fact]
    public async Task RunAsync_ObjectsThatABackupCannotHold_FailsAndNamesThem()
    {
        await using var database = await TestDatabase.CreateAsync(fixture, Tables + "CREATE TYPE strange; UPDATE pg_type SET typisdefined = true WHERE typname = 'strange';");

        AssertFailed(Find(await DiagnoseAsync(database.Source), "schema"), "type public.strange", "drop the objects");
    }

    [Fact]
    public async Task RunAsync_LargeObjectsThatTheRoleMayNotRead_FailsAndNamesOne()
    {
        await using var database = await TestDatabase.CreateAsync(
            fixture,
            "SELECT lo_create(4711); DO $$ BEGIN CREATE ROLE diagnosed_plain LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;");
        await using var source = As(database, "diagnosed_plain");

        AssertFailed(Find(await DiagnoseAsync(source), "tables"), "large object 4711", "pg_read_all_data");
    }

    [Fact]
    public async Task RunAsync_TableLockedExclusively_LocksNothingAndDoesNotWait()
    {
        // The server locks the tables of a view to say what the view is.
        await using var database = await TestDatabase.CreateAsync(fixture, Tables + "CREATE VIEW films AS SELECT * FROM film;");
        await database.ExecuteAsync("BEGIN; LOCK TABLE film IN ACCESS EXCLUSIVE MODE");

        var checks = (await new BackupDiagnosis().RunAsync(
            new DiagnosisRequest { Database = database.Source, CheckTimeout = TimeSpan.FromSeconds(4) })).Checks;

        Assert.Equal(DiagnosisStatus.Ok, Find(checks, "tables").Status);
        Assert.Equal(DiagnosisStatus.Ok, Find(checks, "snapshot").Status);
        AssertWarned(Find(checks, "schema"), "exclusive lock");
    }

    [Fact]
    public async Task RunAsync_PatternThatMatchesNothing_FailsThatCheckAlone()
    {
        await using var database = await TestDatabase.CreateAsync(fixture, Tables);

        var checks = await DiagnoseAsync(database.Source, new TableSelection { IncludeTables = ["public.flim"] });

        AssertFailed(Find(checks, "tables"), "public.flim", "upper and lower case");
        Assert.Equal(DiagnosisStatus.Ok, Find(checks, "snapshot").Status);
    }

    [Fact]
    public async Task RunAsync_WrongPasswordOrAddress_IsOneCheckWithoutASecret()
    {
        await using var database = await TestDatabase.CreateAsync(fixture);
        string[] connections =
        [
            database.With(settings => settings.Database = "no_such_database"),
            database.With(settings => settings.Port = 1),
            database.With(settings => (settings.Username, settings.Password) = ("nobody_here", "hush-hush")),
        ];
        foreach (var connection in connections)
        {
            await using var source = PostgresSource.FromConnectionString(connection);

            var check = Assert.Single(await DiagnoseAsync(source));

            Assert.Equal(("database.connection", DiagnosisStatus.Fail), (check.Id, check.Status));
            Assert.DoesNotContain("hush", check.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task RunAsync_ServerThatStopsAnswering_EndsInTime()
    {
        await using var database = await TestDatabase.CreateAsync(fixture, Tables);
        await using var relay = new LimitedRelay(fixture.Server.Port, connections: 8);
        await using var source = PostgresSource.FromConnectionString(database.With(settings =>
        {
            settings.Port = relay.Port;
            settings.CancellationTimeout = 100;
        }));
        relay.Stall();

        var report = await new BackupDiagnosis().RunAsync(
            new DiagnosisRequest { Database = source, CheckTimeout = TimeSpan.FromSeconds(1) });

        var check = Assert.Single(report.Checks, check => check.Area == DiagnosisArea.Database);
        AssertFailed(check, "within 1 s", "pg_stat_activity");
    }

    [Fact]
    public async Task RunAsync_HotStandby_WarnsOfCancelledReadsAndExportsASnapshot()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { IsStandby = true });
        await using var source = PostgresSource.FromConnectionString(server.ConnectionString("postgres"));

        var checks = await DiagnoseAsync(source);

        AssertWarned(Find(checks, "replication"), "hot standby", "30s");
        Assert.Equal(DiagnosisStatus.Ok, Find(checks, "snapshot").Status);
        Assert.Equal(DiagnosisStatus.Ok, Find(checks, "schema").Status);
    }

    [Fact]
    public async Task RunAsync_ProjectOfDatabaseAndStorage_ListsFromTheSnapshot()
    {
        await using var project = await SupabaseProject.CreateAsync(fixture.Server);
        await project.Storage.State.CreateBucketAsync("letters");
        await project.Storage.State.PutAsync("letters", "a.txt", "text");
        await using var source = PostgresSource.FromConnectionString(project.Database);
        using var store = new SupabaseStorageStore(project.StorageOptions);

        var report = await new BackupDiagnosis().RunAsync(new DiagnosisRequest { Database = source, Store = store });

        Assert.Equal(DiagnosisStatus.Ok, report.Checks.Single(check => check.Id == "database.storageRows").Status);
        Assert.All(report.Checks.Where(check => check.Area == DiagnosisArea.Storage), check => Assert.Equal(DiagnosisStatus.Ok, check.Status));
    }

    [Fact]
    public async Task RunAsync_StorageOfAnotherProject_Fails()
    {
        await using var project = await SupabaseProject.CreateAsync(fixture.Server);
        await project.Storage.State.CreateBucketAsync("letters");
        await project.Storage.State.PutAsync("letters", "a.txt", "text");
        await using var other = await SupabaseProject.CreateAsync(fixture.Server);
        await other.Storage.State.CreateBucketAsync("photos");
        await using var source = PostgresSource.FromConnectionString(project.Database);
        using var store = new SupabaseStorageStore(other.StorageOptions);

        var report = await new BackupDiagnosis().RunAsync(new DiagnosisRequest { Database = source, Store = store });

        AssertFailed(report.Checks.Single(check => check.Id == "storage.buckets"), "letters", "one project");
    }

    private static PostgresSource As(TestDatabase database, string role) => PostgresSource.FromConnectionString(
        database.With(settings => (settings.Username, settings.Password) = (role, "plain")));

    private static async Task<IReadOnlyList<DiagnosisCheck>> DiagnoseAsync(PostgresSource source, TableSelection? tables = null)
    {
        var report = await new BackupDiagnosis().RunAsync(
            new DiagnosisRequest { Database = source, Tables = tables ?? TableSelection.Everything });
        return [.. report.Checks.Where(check => check.Area == DiagnosisArea.Database)];
    }

    private static DiagnosisCheck Find(IEnumerable<DiagnosisCheck> checks, string name) => checks.Single(check => check.Id == $"database.{name}");

    private static void AssertFailed(DiagnosisCheck check, string finding, string advice)
    {
        Assert.Equal(DiagnosisStatus.Fail, check.Status);
        Assert.Contains(finding, check.Finding, StringComparison.Ordinal);
        Assert.Contains(advice, check.Advice, StringComparison.Ordinal);
    }

    private static void AssertWarned(DiagnosisCheck check, params string[] finding)
    {
        Assert.Equal(DiagnosisStatus.Warn, check.Status);
        Assert.All(finding, text => Assert.Contains(text, check.Finding, StringComparison.Ordinal));
        Assert.NotNull(check.Advice);
    }
}
