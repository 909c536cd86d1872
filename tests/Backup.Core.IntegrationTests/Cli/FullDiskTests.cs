using Backup.TestKit;
using Backup.TestKit.PostgreSql;
using Backup.TestKit.Tools;

namespace Backup.Core.IntegrationTests.Cli;

[Collection(ToolCollection.Name)]
public sealed class FullDiskTests(PostgresFixture postgres) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Create_DiskFillsUp_SaysSoAndLeavesNothing()
    {
        var source = await ShopDatabase.CreateBusyAsync(postgres);

        // A mount of its own needs no rights inside a user namespace, and it is gone with the last process in it.
        var run = await ExternalTool.RunAsync(
            "unshare",
            [
                "--user", "--map-root-user", "--mount", "sh", "-c",
                """
                folder=$1 source=$2; shift 2
                mount -t tmpfs -o size=4m tmpfs "$folder" || exit 99
                "$@" create --database "$source" --to "$folder/backups" --codec none
                code=$?
                find "$folder" -type f | sed 's/^/left: /' >&2
                exit $code
                """,
                "sh", _folder.Path, source, .. ToolProcess.Program,
            ]);

        var result = new ToolRun(run.ExitCode, run.Output, run.Error);
        result.AssertFailed(3, "is full", _folder.Path, "Free space");
        Assert.DoesNotContain(result.ErrorLines, line => line.StartsWith("left: ", StringComparison.Ordinal));
    }
}
