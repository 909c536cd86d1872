using System.Transactions;
using Backup.Core.Errors;
using Backup.Core.Postgres;
using Backup.TestKit.PostgreSql;
using Npgsql;

namespace Backup.Core.IntegrationTests.Postgres;

[Collection(PostgresFixture.Collection)]
public sealed class ConnectFaultTests(PostgresFixture fixture)
{
    public static TheoryData<string, string, string> WrongParts => new()
    {
        { "Host", "no-such-host.invalid", "name" },
        { "Port", "1", "nothing listens on that host and port" },
        { "Database", "no_such_database", "database \"no_such_database\" does not exist" },
        { "Username", "no_such_role", "role \"no_such_role\" does not exist" },
        { "SSL Mode", "Require", "SSL" },
    };

    [Theory]
    [MemberData(nameof(WrongParts))]
    public async Task OpenConnectionAsync_WrongPart_SaysWhichAndWhatToDo(string keyword, string value, string reason)
    {
        var settings = new NpgsqlConnectionStringBuilder(fixture.Server.ConnectionString("postgres")) { Password = "hidden", [keyword] = value };
        await using var source = PostgresSource.FromConnectionString(settings.ConnectionString);

        var fault = await Assert.ThrowsAsync<DatabaseException>(async () => await source.OpenConnectionAsync(default));

        Assert.StartsWith($"Cannot connect to {source.Description}: ", fault.Message, StringComparison.Ordinal);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        Assert.NotNull(fault.Hint);
        Assert.DoesNotContain("hidden", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenConnectionAsync_WrongPassword_SaysSo()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { Password = "right", Settings = new Dictionary<string, string> { ["max_connections"] = "7" } });
        var settings = new NpgsqlConnectionStringBuilder(server.ConnectionString("postgres")) { Password = "hidden" };
        await using var wrong = PostgresSource.FromConnectionString(settings.ConnectionString);
        await using var none = PostgresSource.FromConnectionString($"Host=127.0.0.1;Port={server.Port};Username=postgres;Database=postgres");

        var wrongFault = await Assert.ThrowsAsync<DatabaseException>(async () => await wrong.OpenConnectionAsync(default));
        var noneFault = await Assert.ThrowsAsync<DatabaseException>(async () => await none.OpenConnectionAsync(default));

        Assert.Contains("password authentication failed", wrongFault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", wrongFault.ToString(), StringComparison.Ordinal);
        Assert.Contains("asks for a password", noneFault.Message, StringComparison.Ordinal);

        // The same small server has no room for all the readers that are asked for: the run goes on with fewer.
        await server.ExecuteAsync("postgres", "CREATE TABLE t (a int); INSERT INTO t VALUES (1)");
        var logger = new RecordingLogger();
        await using var source = PostgresSource.FromConnectionString(server.ConnectionString("postgres"));
        await using var session = await SnapshotReads.OpenAsync(usesWire: true, source, options: new SnapshotOptions { Connections = 12 }, logger: logger);
        Assert.InRange(session.Connections, 1, 7);
        Assert.Contains(logger.Warnings, text => text.Contains("too many clients", StringComparison.Ordinal));
        Assert.Equal("1\n", (await session.ReadTextAsync())["public.t"]);
        await using var late = PostgresSource.FromConnectionString(server.ConnectionString("postgres"));
        var full = await Assert.ThrowsAsync<DatabaseException>(async () => await late.OpenConnectionAsync(default));
        Assert.Equal("53300", full.SqlState);
    }

    [Fact]
    public async Task OpenAsync_AmbientTransactionOfTheCaller_IsNotJoined()
    {
        await using var database = await TestDatabase.CreateAsync(fixture, "CREATE TABLE t (a int); INSERT INTO t VALUES (1)");
        await using var dataSource = NpgsqlDataSource.Create(database.ConnectionString);
        await using var source = PostgresSource.FromDataSource(dataSource);
        using var callers = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled);

        await using var session = await SnapshotReads.OpenAsync(usesWire: true, source, options: new SnapshotOptions { Connections = 2 });

        Assert.Equal("1\n", (await session.ReadTextAsync())["public.t"]);
        Assert.NotNull(Transaction.Current);
    }

    [Fact]
    public async Task OpenAsync_LentDataSourceWithASmallPool_ReadsWithFewerConnections()
    {
        await using var database = await TestDatabase.CreateAsync(fixture, "CREATE TABLE t (a int); INSERT INTO t VALUES (1)");
        await using var dataSource = NpgsqlDataSource.Create(database.With(settings => (settings.Pooling, settings.MaxPoolSize, settings.Timeout) = (true, 2, 1)));
        await using var source = PostgresSource.FromDataSource(dataSource);
        var logger = new RecordingLogger();

        await using var session = await SnapshotReads.OpenAsync(usesWire: true, source, options: new SnapshotOptions { Connections = 3 }, logger: logger);

        Assert.Equal(2, session.Connections);
        Assert.Contains(logger.Warnings, text => text.Contains("pool has no free connection", StringComparison.Ordinal));
        Assert.Equal("1\n", (await session.ReadTextAsync())["public.t"]);
    }
}
