using Backup.Core.Errors;
using Backup.Core.IntegrationTests.Postgres;
using Backup.Core.Pipeline;
using Backup.Core.Sinks;
using Backup.Core.Verification;
using Backup.TestKit;
using Backup.TestKit.PostgreSql;
using Npgsql;

namespace Backup.Core.IntegrationTests.Pipeline;

/// <summary>Runs over a network that stalls or breaks, at every phase, over the own reader of the protocol and over Npgsql.</summary>
[Collection(PostgresFixture.Collection)]
public sealed class DatabaseFaultRunTests(PostgresFixture postgres) : IDisposable
{
    private const string Rows =
        """
        CREATE TABLE public.film (id int PRIMARY KEY, body text);
        ALTER TABLE public.film ALTER body SET STORAGE EXTERNAL;
        INSERT INTO public.film SELECT n, repeat(md5(n::text), 200) FROM generate_series(1, 1500) n;
        CREATE TABLE public.actor (id int PRIMARY KEY, name text);
        INSERT INTO public.actor SELECT n, md5(n::text) FROM generate_series(1, 5000) n;
        """;

    private readonly TemporaryFolder _backups = new();

    public void Dispose() => _backups.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_ServerStallsWhileConnecting_EndsInTheConnectTimeOut(bool usesWire)
    {
        await using var scene = await Scene.CreateAsync(postgres, usesWire);
        scene.Proxy.Stall();

        var exception = await Assert.ThrowsAsync<DatabaseException>(() => RunAsync(scene));

        Assert.Equal(ErrorCategory.TimeOut, exception.Category);
        Assert.Contains("did not answer within 2 s", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Timeouts.Connect", exception.Hint, StringComparison.Ordinal);
        await AssertNothingLeftAsync(scene);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_ReadersStallWhileConnecting_GoOnWithTheCoordinator(bool usesWire)
    {
        await using var scene = await Scene.CreateAsync(postgres, usesWire);
        scene.Proxy.Decide = _ => ProxyFault.None;
        scene.Proxy.StallsConnectionsFrom = 2;

        var result = await RunAsync(scene);

        Assert.Equal(1, result.Connections);
        await scene.AssertHoldsAsync(_backups, result);
        await scene.Proxy.UntilClosedAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_ServerStallsInACatalogQuery_EndsInTheReadTimeOut(bool usesWire)
    {
        await using var scene = await Scene.CreateAsync(postgres, usesWire);
        scene.Proxy.Decide = connection => connection.HasSent("pg_export_snapshot") ? ProxyFault.Stall : ProxyFault.None;

        var exception = await Assert.ThrowsAsync<DatabaseException>(() => RunAsync(scene));

        Assert.True(exception.Category == ErrorCategory.TimeOut, exception.ToString());
        Assert.Contains("timed out: the server said nothing for too long", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Timeouts.Read", exception.Hint, StringComparison.Ordinal);
        await AssertNothingLeftAsync(scene);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_ServerStallsInTheMiddleOfRows_EndsInTheReadTimeOut(bool usesWire)
    {
        await using var scene = await Scene.CreateAsync(postgres, usesWire);
        scene.Proxy.Decide = connection => connection.BytesOfCopy > 500_000 ? ProxyFault.Stall : ProxyFault.None;

        var exception = await Assert.ThrowsAsync<DatabaseException>(() => RunAsync(scene));

        Assert.True(exception.Category == ErrorCategory.TimeOut, exception.ToString());
        Assert.Contains("timed out", exception.Message, StringComparison.Ordinal);
        await AssertNothingLeftAsync(scene);
    }

    [Fact]
    public async Task RunAsync_NothingMovesAnyMore_IsEndedByTheWatchdog()
    {
        await using var scene = await Scene.CreateAsync(postgres, usesWire: true);
        scene.Proxy.Decide = connection => connection.BytesOfCopy > 500_000 ? ProxyFault.Stall : ProxyFault.None;

        var exception = await Assert.ThrowsAsync<BackupTimeoutException>(() => RunAsync(scene, options =>
        {
            options.Timeouts.Read = TimeSpan.FromMinutes(5);
            options.Timeouts.Progress = TimeSpan.FromSeconds(1);
        }));

        Assert.Contains("Nothing has moved for 1 s", exception.Message, StringComparison.Ordinal);
        Assert.Contains("reading public.film", exception.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.TimeOut, exception.Category);
        await AssertNothingLeftAsync(scene);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_ConnectionIsCutInTheMiddleOfAPage_ReadsThePageAgain(bool usesWire)
    {
        await using var scene = await Scene.CreateAsync(postgres, usesWire);
        var cuts = 0;
        scene.Proxy.Decide = connection =>
            connection.HasSent("SET TRANSACTION SNAPSHOT") && connection.BytesOfCopy > 100_000 && Interlocked.Increment(ref cuts) <= 3
                ? ProxyFault.Cut
                : ProxyFault.None;

        // Small pages, so that each stays within its share, and both readers have several.
        var result = await RunAsync(scene, options => (options.PageBlocks, options.Retries.MaxAttempts) = (8, 6));

        Assert.Equal(BackupOutcome.Complete, result.Outcome);
        Assert.True(result.Retries.Pages >= 3, $"{result.Retries} after {scene.Proxy.Faults} cuts");
        await scene.AssertHoldsAsync(_backups, result);
        await scene.Proxy.UntilClosedAsync();
    }

    [Fact]
    public async Task RunAsync_FirstConnectionIsCut_OpensTheSnapshotAgain()
    {
        await using var scene = await Scene.CreateAsync(postgres, usesWire: true);
        var cuts = 0;
        scene.Proxy.Decide = connection =>
            connection.HasSent("pg_export_snapshot") && Interlocked.Increment(ref cuts) == 1 ? ProxyFault.Cut : ProxyFault.None;

        var result = await RunAsync(scene, TryAgain);

        Assert.Equal(1, result.Retries.Connections);
        await scene.AssertHoldsAsync(_backups, result);
    }

    // With time enough that a busy machine is not taken for a server that does not answer.
    private static void TryAgain(BackupOptions options)
    {
        options.Retries.MaxAttempts = 3;
        options.Timeouts.Connect = TimeSpan.FromSeconds(30);
        options.Timeouts.Read = TimeSpan.FromSeconds(30);
    }

    private Task<BackupResult> RunAsync(Scene scene, Action<BackupOptions>? configure = null) => scene.Builder()
        .UseSink(new DirectorySink(_backups.Path))
        .ConfigureOptions(options =>
        {
            options.Connections = 2;
            options.Codec = "deflate";
            options.Timeouts.Connect = TimeSpan.FromSeconds(2);
            options.Timeouts.Read = TimeSpan.FromSeconds(1);
            options.Retries.MaxAttempts = 1;
            options.Retries.BaseDelay = TimeSpan.FromMilliseconds(10);
            configure?.Invoke(options);
        })
        .Build()
        .RunAsync(new BackupRequest())
        .WaitAsync(TimeSpan.FromMinutes(2));

    private async Task AssertNothingLeftAsync(Scene scene)
    {
        Assert.Empty(_backups.Files);
        await scene.Proxy.UntilClosedAsync();
        await ReaderThreads.UntilGoneAsync();
    }

    private sealed class Scene(string source, FaultyProxy proxy, NpgsqlDataSource? lent, PostgresFixture postgres) : IAsyncDisposable
    {
        public FaultyProxy Proxy => proxy;

        public static async Task<Scene> CreateAsync(PostgresFixture postgres, bool usesWire)
        {
            var source = await postgres.CreateDatabaseAsync();
            await using (var connection = await PostgresFixture.OpenAsync(source))
            {
                await using var command = new NpgsqlCommand(Rows, connection);
                await command.ExecuteNonQueryAsync();
            }

            var proxy = new FaultyProxy(postgres.Server.Port);
            return new Scene(source, proxy, usesWire ? null : NpgsqlDataSource.Create(Through(source, proxy)), postgres);
        }

        /// <summary>A lent data source is read through Npgsql, a connection string by the own reader.</summary>
        public BackupPipelineBuilder Builder() =>
            lent is null ? new BackupPipelineBuilder().UsePostgres(Through(source, proxy)) : new BackupPipelineBuilder().UsePostgres(lent);

        public async Task AssertHoldsAsync(TemporaryFolder backups, BackupResult result)
        {
            Assert.True((await new BackupVerifier(new DirectorySink(backups.Path)).VerifyAsync(result.Id)).IsIntact);
            var target = await postgres.CreateDatabaseAsync();
            await HandRestore.RunAsync(backups, result, target);
            Assert.Empty(TableDigest.Differences(await TableDigest.ReadAsync(source), await TableDigest.ReadAsync(target)));
        }

        public async ValueTask DisposeAsync()
        {
            if (lent is not null)
            {
                await lent.DisposeAsync();
            }

            await proxy.DisposeAsync();
        }

        private static string Through(string source, FaultyProxy proxy) =>
            new NpgsqlConnectionStringBuilder(source) { Host = "127.0.0.1", Port = proxy.Port, SslMode = SslMode.Disable, Timeout = 5 }.ConnectionString;
    }
}
