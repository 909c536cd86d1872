using System.Diagnostics;
using Backup.Core.Errors;
using Backup.Core.Postgres;
using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.Postgres;

public abstract class ReadFaultTests(PostgresFixture fixture, bool usesWire)
{
    private const string Large =
        "CREATE TABLE t (id int, body text); ALTER TABLE t ALTER body SET STORAGE EXTERNAL; INSERT INTO t SELECT i, repeat(md5(i::text), 30000) FROM generate_series(1, 200) i;";

    // Roles belong to the server, which both ways share.
    private readonly string _suffix = usesWire ? "_wire" : "_npgsql";

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task ReadAsync_BackendTerminated_IsTransientAndNamesTheTable(int number)
    {
        await using var database = await TestDatabase.CreateAsync(fixture, Large);
        await using var session = await SnapshotReads.OpenAsync(usesWire, database.Source, options: new SnapshotOptions { Connections = 2 });
        await using var reader = session.OpenReader(number);
        await reader.OpenAsync(PagePlanner.Plan(session.Tables[0], new PageLimits()).First(), default);
        await reader.ReadAsync(new byte[1024], default);
        await database.ExecuteAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'backup-core' AND datname = current_database() AND state = 'active'");

        var fault = await Assert.ThrowsAsync<DatabaseException>(() => ReadToEndAsync(reader));

        Assert.StartsWith("Reading public.t failed: ", fault.Message, StringComparison.Ordinal);
        Assert.Equal("public.t", fault.Subject);
        Assert.True(fault.IsTransient);
        await reader.CloseAsync();
        Assert.False(reader.IsUsable);
    }

    [Fact]
    public async Task ConfirmAsync_CoordinatorTerminated_RefusesWhatWasRead()
    {
        await using var database = await TestDatabase.CreateAsync(fixture, "CREATE TABLE t (a int); INSERT INTO t VALUES (1)");
        await using var session = await SnapshotReads.OpenAsync(usesWire, database.Source, options: new SnapshotOptions { Connections = 2 });
        await session.ConfirmAsync(default);
        await database.ExecuteAsync($"SELECT pg_terminate_backend({session.Connection.ProcessID})");

        var fault = await Assert.ThrowsAsync<DatabaseException>(() => session.ConfirmAsync(default));

        Assert.StartsWith($"Holding the snapshot of {database.Name} failed: ", fault.Message, StringComparison.Ordinal);
        Assert.True(fault.IsTransient);
        await Assert.ThrowsAsync<DatabaseException>(() => session.ConfirmAsync(default));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task ReadAsync_Cancelled_EndsPromptlyAndLeavesTheReaderUsable(int number)
    {
        await using var database = await TestDatabase.CreateAsync(fixture, Large);
        await database.ExecuteAsync("CREATE TABLE small (a int); INSERT INTO small VALUES (1)");
        await using var session = await SnapshotReads.OpenAsync(usesWire, database.Source, options: new SnapshotOptions { Connections = 2 });
        await using var reader = session.OpenReader(number);
        var large = session.Tables.Single(table => table.Name.Name == "t");
        using var cancel = new CancellationTokenSource();
        await reader.OpenAsync(new TablePage(large, 1, null, null), default);
        await reader.ReadAsync(new byte[1024], default);

        // Whoever has read once is on the connection's thread, and would wait there for this read.
        var read = Task.Run(() => reader.ReadAsync(new byte[300 * 1024 * 1024], cancel.Token).AsTask());

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        await reader.CloseAsync();
        Assert.True(reader.IsUsable);
        Assert.Equal("1\n"u8.ToArray(), await reader.ReadAsync(new TablePage(session.Tables.Single(t => t.Name.Name == "small"), 1, 0, null)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task CloseAsync_PageNotReadToItsEnd_DoesNotDrainIt(int number)
    {
        await using var database = await TestDatabase.CreateAsync(fixture, Large);
        await using var session = await SnapshotReads.OpenAsync(usesWire, database.Source, options: new SnapshotOptions { Connections = 2 });
        await using var reader = session.OpenReader(number);
        var page = new TablePage(session.Tables[0], 1, null, null);
        await reader.OpenAsync(page, default);
        await reader.ReadAsync(new byte[1024], default);

        await reader.CloseAsync();

        Assert.True(reader.IsUsable);
        Assert.Equal(200, CopyText.CountRows(await reader.ReadAsync(page)));
    }

    [Fact]
    public async Task CloseAsync_CancelRequestsGetLost_CutsTheConnection()
    {
        await using var database = await TestDatabase.CreateAsync(fixture, Large + Large.Replace("CREATE TABLE t ", "CREATE TABLE more ", StringComparison.Ordinal));
        await using var relay = new LimitedRelay(fixture.Server.Port, connections: usesWire ? 2 : 1);
        await using var source = PostgresSource.FromConnectionString(database.With(settings => settings.Port = relay.Port));
        await using var session = await SnapshotReads.OpenAsync(usesWire, source);
        await using var reader = session.OpenReader(0);
        await reader.OpenAsync(new TablePage(session.Tables[0], 1, null, null), default);
        await reader.ReadAsync(new byte[1024], default);

        await reader.CloseAsync();

        Assert.False(reader.IsUsable);
        Assert.InRange(relay.BytesPassed, 1, 150 * 1024 * 1024);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ReadAsync_NetworkGone_EndsSoonAfterCancellation(bool isReading)
    {
        await using var database = await TestDatabase.CreateAsync(fixture, Large);
        await using var relay = new LimitedRelay(fixture.Server.Port, connections: usesWire ? 2 : 1);
        await using var source = PostgresSource.FromConnectionString(database.With(settings => settings.Port = relay.Port));
        await using var session = await SnapshotReads.OpenAsync(usesWire, source);
        var reader = session.OpenReader(0);
        await reader.OpenAsync(new TablePage(session.Tables[0], 1, null, null), default);
        await reader.ReadAsync(new byte[1024], default);
        relay.Stall();
        var started = Stopwatch.GetTimestamp();

        if (isReading)
        {
            using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => reader.ReadAsync(new byte[300 * 1024 * 1024], cancel.Token).AsTask().WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None));
        }

        await reader.CloseAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        await session.DisposeAsync();

        Assert.False(reader.IsUsable);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task OpenAsync_ConnectionBrokeWhileIdle_IsTransientAndNamesTheTable(int number)
    {
        await using var database = await TestDatabase.CreateAsync(fixture, "CREATE TABLE t (a int); INSERT INTO t VALUES (1)");
        await using var session = await SnapshotReads.OpenAsync(usesWire, database.Source, options: new SnapshotOptions { Connections = 2 });
        await using var reader = session.OpenReader(number);
        var page = new TablePage(session.Tables[0], 1, 0, null);
        await reader.ReadAsync(page);
        await database.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        await Assert.ThrowsAsync<DatabaseException>(() => reader.OpenAsync(page, default));
        await reader.CloseAsync();

        var fault = await Assert.ThrowsAsync<DatabaseException>(() => reader.OpenAsync(page, default));

        Assert.Equal("public.t", fault.Subject);
        Assert.True(fault.IsTransient);
        Assert.NotNull(fault.Hint);
    }

    [Fact]
    public async Task TargetSession_ConnectionBrokeWhileIdle_IsTransient()
    {
        await using var database = await TestDatabase.CreateAsync(fixture);
        await using var target = await TargetSession.OpenAsync(database.Source, default);
        await database.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        await Assert.ThrowsAsync<DatabaseException>(() => target.ExecuteAsync("SELECT", default));

        var fault = await Assert.ThrowsAsync<DatabaseException>(() => target.ExecuteAsync("SELECT", default));

        Assert.True(fault.IsTransient);
        Assert.NotNull(fault.Hint);
        fault = await Assert.ThrowsAsync<DatabaseException>(() => target.OpenCopyAsync(new QualifiedName("public", "t"), ["a"], "UTF8", false, default));
        Assert.True(fault.IsTransient);
    }

    [Fact]
    public async Task ReadAsync_ServerRefusesAPage_LeavesTheSnapshotIntact()
    {
        await using var database = await TestDatabase.CreateAsync(fixture, "CREATE TABLE t (a int); INSERT INTO t VALUES (1)");
        await using var session = await SnapshotReads.OpenAsync(usesWire, database.Source);
        await using var reader = session.OpenReader(0);
        var table = session.Tables[0];

        await Assert.ThrowsAsync<DatabaseException>(() => reader.OpenAsync(new TablePage(table with { Columns = ["missing"] }, 1, 0, null), default));
        await reader.CloseAsync();
        await Assert.ThrowsAsync<DatabaseException>(
            async () => await reader.ReadAsync(new TablePage(table with { Condition = "1 / (a - 1) > 0" }, 1, null, null)));
        await reader.CloseAsync();

        Assert.True(reader.IsUsable);
        Assert.Equal("1\n"u8.ToArray(), await reader.ReadAsync(new TablePage(table, 1, 0, null)));
    }

    [Fact]
    public async Task Read_TimeLimitsOfTheRole_DoNotEndIt()
    {
        await using var database = await TestDatabase.CreateAsync(
            fixture,
            $"""
            CREATE ROLE hurried{_suffix} LOGIN SUPERUSER; ALTER ROLE hurried{_suffix} SET statement_timeout = '300ms';
            ALTER ROLE hurried{_suffix} SET idle_in_transaction_session_timeout = '300ms'; ALTER ROLE hurried{_suffix} SET lock_timeout = '1ms';
            CREATE TABLE t (a int); INSERT INTO t VALUES (1);
            CREATE FUNCTION slow(int) RETURNS bool LANGUAGE sql AS 'SELECT pg_sleep(0.6) IS NOT NULL';
            """);
        await using var source = PostgresSource.FromConnectionString(database.With(settings => settings.Username = $"hurried{_suffix}"));
        await using var session = await SnapshotReads.OpenAsync(usesWire, source, options: new SnapshotOptions { Connections = 2 });
        var started = Stopwatch.GetTimestamp();

        await using var reader = session.OpenReader(1);
        var rows = await reader.ReadAsync(new TablePage(session.Tables[0] with { Condition = "public.slow(a)" }, 1, null, null));

        Assert.Equal("1\n"u8.ToArray(), rows);
        Assert.True(Stopwatch.GetElapsedTime(started) > TimeSpan.FromMilliseconds(500));
        Assert.Single((await session.ReadAllAsync()).Values);
    }

    [Fact]
    public async Task OpenAsync_MissingRights_NamesTheTablesAndSaysWhatToGrant()
    {
        await using var database = await TestDatabase.CreateAsync(
            fixture,
            $"""
            CREATE ROLE guest{_suffix} LOGIN; CREATE TABLE seen (a int); CREATE TABLE hidden (a int); GRANT SELECT ON seen TO guest{_suffix};
            INSERT INTO seen VALUES (1); CREATE SCHEMA locked; CREATE TABLE locked.away (a int); GRANT SELECT ON locked.away TO guest{_suffix};
            """);
        await using var source = PostgresSource.FromConnectionString(database.With(settings => settings.Username = $"guest{_suffix}"));

        var fault = await Assert.ThrowsAsync<DatabaseException>(() => SnapshotReads.OpenAsync(usesWire, source));

        Assert.Contains("2 selected tables cannot be read: public.hidden, locked.away", fault.Message, StringComparison.Ordinal);
        Assert.Contains("GRANT SELECT on public.hidden", fault.Hint, StringComparison.Ordinal);
        Assert.Contains("pg_read_all_data", fault.Hint, StringComparison.Ordinal);

        await using var session = await SnapshotReads.OpenAsync(usesWire, source, options: new SnapshotOptions { Connections = 2, AllowUnreadableTables = true });
        Assert.Equal(["public.hidden", "locked.away"], session.Unreadable.Select(table => table.Name.ToString()));
        Assert.Equal("1\n", Assert.Single(await session.ReadTextAsync()).Value);
    }

    [Fact]
    public async Task OpenAsync_RowSecurityApplies_IsRefused()
    {
        await using var database = await TestDatabase.CreateAsync(
            fixture,
            $"""
            CREATE ROLE tenant{_suffix} LOGIN; CREATE ROLE auditor{_suffix} LOGIN BYPASSRLS;
            CREATE TABLE t (a int); INSERT INTO t VALUES (1), (2); GRANT SELECT ON t TO tenant{_suffix}, auditor{_suffix};
            ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY one ON t USING (a = 1);
            """);
        await using var tenant = PostgresSource.FromConnectionString(database.With(settings => settings.Username = $"tenant{_suffix}"));
        await using var auditor = PostgresSource.FromConnectionString(database.With(settings => settings.Username = $"auditor{_suffix}"));

        var fault = await Assert.ThrowsAsync<DatabaseException>(() => SnapshotReads.OpenAsync(usesWire, tenant));
        await using var session = await SnapshotReads.OpenAsync(usesWire, auditor);

        Assert.Equal($"Row security on public.t applies to the role tenant{_suffix}.", fault.Message);
        Assert.Contains("BYPASSRLS", fault.Hint, StringComparison.Ordinal);
        Assert.Equal("1\n2\n", (await session.ReadTextAsync())["public.t"]);
    }

    private static async Task ReadToEndAsync(PageReader reader)
    {
        var buffer = new byte[64 * 1024];
        while (await reader.ReadAsync(buffer, default) > 0)
        {
        }
    }
}

[Collection(PostgresFixture.Collection)]
public sealed class ReadFaultTestsOverNpgsql(PostgresFixture fixture) : ReadFaultTests(fixture, usesWire: false);

[Collection(PostgresFixture.Collection)]
public sealed class ReadFaultTestsOverWire(PostgresFixture fixture) : ReadFaultTests(fixture, usesWire: true);
