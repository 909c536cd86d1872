using Backup.TestKit;
using Backup.TestKit.PostgreSql;
using Backup.TestKit.Tools;

namespace Backup.Core.IntegrationTests.Cli;

[Collection(ToolCollection.Name)]
public sealed class UnwritableOutputTests(PostgresFixture postgres) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("list", "--json")]
    [InlineData("list")]
    [InlineData("--help")]
    public async Task PrintingCommand_StdoutIsFull_FailsInOneLine(params string[] arguments)
    {
        string[] location = arguments[0] == "list" ? ["--from", _folder.Path] : [];

        var run = await RunAsync("> /dev/full", [.. arguments, .. location]);

        run.AssertFailed(3, "The result could not be printed");
        Assert.Single(run.ErrorLines);
    }

    [Fact]
    public async Task WorkingCommands_StdoutIsFull_KeepTheirOutcomeAndSayIt()
    {
        var source = await ShopDatabase.CreateAsync(postgres);
        var target = await postgres.CreateDatabaseAsync();

        var create = await RunAsync("> /dev/full", "create", "--database", source, "--to", _folder.Path);
        var id = Path.GetFileName(Assert.Single(Directory.GetDirectories(_folder.Path)));
        AssertOutcome(create, $"backup {id} is complete");
        AssertOutcome(
            await RunAsync("> /dev/full", "create", "--database", source, "--to", _folder.Path, "--json"), "is complete");
        AssertOutcome(await RunAsync("> /dev/full", "verify", id, "--from", _folder.Path), $"backup {id} is intact");
        AssertOutcome(
            await RunAsync("> /dev/full", "restore", id, "--from", _folder.Path, "--database", target),
            $"backup {id} is restored into");
    }

    [Fact]
    public async Task Create_StderrIsFull_MakesTheBackup()
    {
        var source = await ShopDatabase.CreateAsync(postgres);

        var run = await RunAsync("2> /dev/full", "create", "--database", source, "--to", _folder.Path);

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("Backup ", run.Output, StringComparison.Ordinal);
    }

    private static void AssertOutcome(ToolRun run, string outcome)
    {
        Assert.Equal(0, run.ExitCode);
        var warning = Assert.Single(run.ErrorLines, line => line.StartsWith("warning: ", StringComparison.Ordinal));
        Assert.Contains("could not be printed", warning, StringComparison.Ordinal);
        Assert.Contains(outcome, warning, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", run.Error, StringComparison.Ordinal);
    }

    private static async Task<ToolRun> RunAsync(string redirection, params string[] arguments)
    {
        var run = await ExternalTool.RunAsync("sh", ["-c", $"\"$@\" {redirection}", "sh", .. ToolProcess.Program, .. arguments]);
        return new ToolRun(run.ExitCode, run.Output, run.Error);
    }
}
