using Backup.TestKit;
using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.Cli;

[Collection(ToolCollection.Name)]
public sealed class InterruptionTests(PostgresFixture postgres) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ToolProcess.Interrupt)]
    [InlineData(ToolProcess.Terminate)]
    public async Task Create_Signal_EndsWithCode130AndLeavesNothing(int signal)
    {
        var source = await ShopDatabase.CreateBusyAsync(postgres);
        await using var tool = Start(source);
        await tool.WaitForLineAsync("copying");

        tool.Signal(signal);
        var run = await tool.EndAsync();

        run.AssertFailed(130, "Cancelled");
        Assert.DoesNotContain("warning", run.Error, StringComparison.Ordinal);
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public async Task Create_SignalWithJson_IsADocument()
    {
        var source = await ShopDatabase.CreateBusyAsync(postgres);

        // There is no progress on stderr to wait for: that the run waits for a lock shows that it is under way.
        await using var lockHolder = await PostgresFixture.OpenAsync(source);
        await using var transaction = await lockHolder.BeginTransactionAsync();
        await using var command = lockHolder.CreateCommand();
        command.CommandText = "LOCK TABLE public.busy IN ACCESS EXCLUSIVE MODE";
        await command.ExecuteNonQueryAsync();
        await using var tool = Start(source, "--json");
        await WaitForWaiterAsync(source);

        tool.Signal(ToolProcess.Interrupt);
        var run = await tool.EndAsync();

        run.AssertFailed(130, "Cancelled");
        Assert.Equal("cancelled", run.Document.GetProperty("status").GetString());
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public async Task Create_Killed_LeavesNoBackupAndTheNextRunSucceeds()
    {
        var source = await ShopDatabase.CreateBusyAsync(postgres);
        await using (var tool = Start(source))
        {
            await tool.WaitForLineAsync("copying");
            tool.Kill();
            await tool.EndAsync();
        }

        Assert.DoesNotContain(_folder.Files, file => file.EndsWith("manifest.json", StringComparison.Ordinal));
        var listed = (await ToolProcess.RunAsync("list", "--from", _folder.Path, "--json")).EnsureComplete();
        Assert.Equal(0, listed.Document.GetProperty("backups").GetArrayLength());

        (await ToolProcess.RunAsync("create", "--database", source, "--to", _folder.Path)).EnsureComplete();
        (await ToolProcess.RunAsync("verify", "latest", "--from", _folder.Path)).EnsureComplete();
    }

    private ToolProcess Start(string source, params string[] options) => ToolProcess.Start(
        [], ["create", "--database", source, "--to", _folder.Path, "--codec", "zstd", "--level", "19", "--jobs", "1", .. options]);

    private static async Task WaitForWaiterAsync(string database)
    {
        await using var connection = await PostgresFixture.OpenAsync(database);
        await using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT count(*) FROM pg_locks
             WHERE NOT granted AND relation = 'public.busy'::regclass AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """;
        using var timeLimit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await command.ExecuteScalarAsync(timeLimit.Token) is 0L)
        {
            await Task.Yield();
        }
    }
}
