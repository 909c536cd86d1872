using Backup.TestKit.Databases;
using Backup.TestKit.PostgreSql;
using Backup.TestKit.Tools;

namespace Backup.Core.IntegrationTests.TestKit;

/// <summary>The sample databases are fit for comparison: PostgreSQL's own dump brings them back identical.</summary>
[Collection(PostgresFixture.Collection)]
public sealed class DatabaseTests(PostgresFixture postgres)
{
    [Fact]
    public async Task ApplicationSchema_DumpedAndRestoredByPsql_IsIdentical()
    {
        var source = await postgres.CreateDatabaseAsync();
        await ApplicationSchema.CreateAsync(source);
        await ApplicationData.FillAsync(source, megabytes: 1);
        var target = await postgres.CreateDatabaseAsync();

        var dump = await PgDump.RunAsync(source);
        var psql = new ToolCommand("psql", "-q", "-X", "-v", "ON_ERROR_STOP=1")
        {
            StandardInput = dump,
            Variables = PgDump.ConnectionVariables(target),
        };
        (await ExternalTool.RunAsync(psql, CancellationToken.None)).EnsureSuccess();

        Assert.Equal(dump, await PgDump.RunAsync(target));
        Assert.Empty(TableDigest.Differences(await TableDigest.ReadAsync(source), await TableDigest.ReadAsync(target)));
    }

    [Fact]
    public async Task FillAsync_SameSeed_GivesTheSameRows()
    {
        var first = await FilledAsync(seed: 7);
        var second = await FilledAsync(seed: 7);
        var other = await FilledAsync(seed: 8);

        Assert.Empty(TableDigest.Differences(await TableDigest.ReadAsync(first), await TableDigest.ReadAsync(second)));
        Assert.NotEmpty(TableDigest.Differences(await TableDigest.ReadAsync(first), await TableDigest.ReadAsync(other)));
    }

    [Fact]
    public async Task CheckAsync_WhileMoneyMoves_IsConsistentAndNoticesATamperedBalance()
    {
        var database = await postgres.CreateDatabaseAsync();
        await TransferLedger.CreateAsync(database, accounts: 200);
        await using (var writers = TransferLedger.StartWriters(database, writers: 3))
        {
            while (writers.Transfers < 100)
            {
                Assert.True((await TransferLedger.CheckAsync(database)).IsConsistent);
            }

            var transfers = await writers.StopAsync();
            Assert.Equal(transfers, (await TransferLedger.CheckAsync(database)).Transfers);
        }

        await using var connection = await PostgresFixture.OpenAsync(database);
        await using var command = connection.CreateCommand();
        command.CommandText = "UPDATE ledger.accounts SET balance = balance + 0.01 WHERE id = 7";
        await command.ExecuteNonQueryAsync();

        var state = await TransferLedger.CheckAsync(database);
        Assert.Equal((-0.01m, 1L), (state.MissingMoney, state.WrongAccounts));
    }

    private async Task<string> FilledAsync(int seed)
    {
        var database = await postgres.CreateDatabaseAsync();
        await ApplicationSchema.CreateAsync(database);
        await ApplicationData.FillAsync(database, megabytes: 1, seed);
        return database;
    }
}
