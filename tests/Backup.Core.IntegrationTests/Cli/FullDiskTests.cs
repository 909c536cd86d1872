using Backup.TestKit;
using Backup.TestKit.PostgreSql;
using Backup.TestKit.Tools;

namespace Backup.Core.IntegrationTests.Cli;

[Collection(PostgresFixture.Collection)]
public sealed class FullDiskTests(PostgresFixture postgres) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Create_DiskFillsUp_SaysSoAndLeavesNothing()
    {
        var source = await ShopDatabase.CreateBusyAsync(postgres);
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? await ExternalTool.FindAsync("dotnet");
        var tool = Path.Combine(AppContext.BaseDirectory, "backup-core.dll");

        // A mount of its own needs no rights inside a user namespace, and it is gone with the last process in it.
        var run = await ExternalTool.RunAsync(
            "unshare", "--user", "--map-root-user", "--mount", "sh", "-c",
            """
            mount -t tmpfs -o size=4m tmpfs "$1" || exit 99
            "$2" "$3" create --database "$4" --to "$1/backups" --codec none
            code=$?
            find "$1" -type f | sed 's/^/left: /' >&2
            exit $code
            """,
            "sh", _folder.Path, dotnet, tool, source);

        var result = new ToolRun(run.ExitCode, run.Output, run.Error);
        result.AssertFailed(3, "is full", _folder.Path, "Free space");
        Assert.DoesNotContain(result.ErrorLines, line => line.StartsWith("left: ", StringComparison.Ordinal));
    }
}
