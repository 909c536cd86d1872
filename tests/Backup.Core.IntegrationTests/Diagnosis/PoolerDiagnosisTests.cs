using Backup.Core.Diagnosis;
using Backup.Core.IntegrationTests.Postgres;
using Backup.Core.Postgres;
using Backup.Core.Postgres.Probes;
using Backup.TestKit.PostgreSql;
using Npgsql;

namespace Backup.Core.IntegrationTests.Diagnosis;

/// <summary>Which pooler stands in between, and in which mode.</summary>
[Collection(PostgresFixture.Collection)]
public sealed class PoolerDiagnosisTests(PostgresFixture fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData("transaction", 1, PoolingMode.Transaction)]
    [InlineData("transaction", 4, PoolingMode.Transaction)]
    [InlineData("session", 4, PoolingMode.Session)]
    public async Task RunAsync_PgBouncer_TellsItsMode(string mode, int poolSize, object expected)
    {
        await using var database = await TestDatabase.CreateAsync(fixture);
        await using var pooler = await PgBouncer.StartAsync(fixture.Server, poolSize, mode);
        await using var source = PostgresSource.FromConnectionString(pooler.ConnectionString(database.Name));

        var facts = await PoolerProbe.RunAsync(source, Patience, default);

        Assert.Equal(new PoolerFacts(PoolerKind.PgBouncer, (PoolingMode)expected), facts);
    }

    [Fact]
    public async Task RunAsync_SessionPoolerWithOnePlace_DoesNotKnowTheMode()
    {
        await using var database = await TestDatabase.CreateAsync(fixture);
        await using var pooler = await PgBouncer.StartAsync(fixture.Server, poolSize: 1, "session");
        await using var source = PostgresSource.FromConnectionString(pooler.ConnectionString(database.Name));

        var facts = await PoolerProbe.RunAsync(source, TimeSpan.FromSeconds(1), default);

        Assert.Equal(PoolingMode.Unknown, facts.Mode);
        Assert.NotEqual(PoolerKind.None, facts.Kind);
    }

    [Fact]
    public async Task RunAsync_LentDataSource_SeesAPoolerOfAnyKind()
    {
        await using var database = await TestDatabase.CreateAsync(fixture);
        await using var pooler = await PgBouncer.StartAsync(fixture.Server, poolSize: 2);
        await using var lent = NpgsqlDataSource.Create(pooler.ConnectionString(database.Name));
        await using var source = PostgresSource.FromDataSource(lent);

        Assert.Equal(new PoolerFacts(PoolerKind.Other, PoolingMode.Transaction), await PoolerProbe.RunAsync(source, Patience, default));
    }

    [Fact]
    public async Task RunAsync_TransactionPooler_WarnsAndJoinsTheSnapshot()
    {
        await using var database = await TestDatabase.CreateAsync(fixture, "CREATE TABLE t (id int)");
        await using var pooler = await PgBouncer.StartAsync(fixture.Server, poolSize: 3);
        await using var source = PostgresSource.FromConnectionString(pooler.ConnectionString(database.Name));

        var checks = (await new BackupDiagnosis().RunAsync(new DiagnosisRequest { Database = source })).Checks;

        var found = checks.Single(check => check.Id == "database.pooler");
        Assert.Equal(DiagnosisStatus.Warn, found.Status);
        Assert.Contains("PgBouncer in transaction mode", found.Finding, StringComparison.Ordinal);
        Assert.Equal(DiagnosisStatus.Ok, checks.Single(check => check.Id == "database.snapshot").Status);
        Assert.Equal(0, await database.ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'"));
    }

    [Fact]
    public async Task RunAsync_PoolerOfStatements_FailsWithItsWords()
    {
        await using var database = await TestDatabase.CreateAsync(fixture);
        await using var pooler = await PgBouncer.StartAsync(fixture.Server, poolSize: 2, "statement");
        await using var source = PostgresSource.FromConnectionString(pooler.ConnectionString(database.Name));

        var checks = (await new BackupDiagnosis().RunAsync(
            new DiagnosisRequest { Database = source, CheckTimeout = TimeSpan.FromSeconds(8) })).Checks;

        var snapshot = checks.Single(check => check.Id == "database.snapshot");
        Assert.Equal(DiagnosisStatus.Fail, snapshot.Status);
        Assert.NotNull(snapshot.Advice);
    }
}
