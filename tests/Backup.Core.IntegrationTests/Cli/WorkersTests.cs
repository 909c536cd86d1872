using System.Diagnostics;
using Backup.Core.Archives;
using Backup.Core.IntegrationTests.Suspension;
using Backup.Core.Sinks;
using Backup.TestKit;
using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.Cli;

/// <summary>Runs that several processes copy, and what becomes of them when one is killed.</summary>
[Collection(ToolCollection.Name)]
public sealed class WorkersTests(PostgresFixture postgres) : IDisposable
{
    // Enough to keep a worker busy for seconds at these levels, and no more.
    private const int Rows = 100_000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Create_ByWorkers_IsRestoredEqual()
    {
        await using var project = await LongJob.CreateAsync(postgres);

        var created = (await ToolProcess.RunAsync(
        [
            "create", "--database", project.Database, "--storage", project.Storage.Address.ToString(), "--storage-key", project.Storage.ServiceKey,
            "--to", _folder.Path, "--workers", "2", "--json",
        ])).EnsureComplete();

        Assert.Equal(2, created.Document.GetProperty("resources").GetProperty("workers").GetInt32());
        Assert.DoesNotContain(project.Storage.ServiceKey, created.Output + created.Error, StringComparison.Ordinal);
        var id = new BackupId(created.Document.GetProperty("id").GetString()!);
        await LongJob.AssertSameAsync(postgres, new DirectorySink(_folder.Path), id, project);
    }

    [Fact]
    public async Task Create_WorkerIsKilled_ItsShardIsTakenOver()
    {
        var source = await ShopDatabase.CreateBusyAsync(postgres, Rows);
        var target = await postgres.CreateDatabaseAsync();
        await using var tool = ToolProcess.Start(
            [], "create", "--database", source, "--to", _folder.Path, "--workers", "2", "--codec", "zstd", "--level", "15", "--json");

        (await FindWriterAsync(tool)).Kill();
        var created = (await tool.EndAsync()).EnsureComplete();

        Assert.Contains(" is lost: ", created.Error, StringComparison.Ordinal);
        Assert.Contains("Taking over shard ", created.Error, StringComparison.Ordinal);
        var id = created.Document.GetProperty("id").GetString()!;
        Assert.True((await ToolProcess.RunAsync("verify", id, "--from", _folder.Path, "--json")).EnsureComplete().Document.GetProperty("intact").GetBoolean());
        (await ToolProcess.RunAsync("restore", id, "--from", _folder.Path, "--database", target)).EnsureComplete();
        Assert.Equal(await TableDigest.ReadAsync(source), await TableDigest.ReadAsync(target));

        // Nothing of the killed worker is left, neither whole nor half.
        var manifest = (await ToolProcess.RunAsync("show", id, "--from", _folder.Path, "--json")).Document;
        var volumes = manifest.GetProperty("volumes").EnumerateArray().Select(volume => volume.GetProperty("name").GetString());
        Assert.Equal(volumes, Directory.GetFiles(Path.Join(_folder.Path, id), "*.zip").Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Empty(Directory.GetFiles(Path.Join(_folder.Path, id), ".*"));
    }

    [Fact]
    public async Task Create_Killed_ItsWorkersEndAndTakeTheirFilesBack()
    {
        var source = await ShopDatabase.CreateBusyAsync(postgres, Rows);
        await using var tool = ToolProcess.Start(
            [], "create", "--database", source, "--to", _folder.Path, "--workers", "2", "--codec", "zstd", "--level", "19");
        _ = await FindWriterAsync(tool);
        var workers = ChildrenOf(tool.Id).Select(Process.GetProcessById).ToList();

        tool.Kill();
        foreach (var worker in workers)
        {
            await worker.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        }

        // What stays is the killed process's own: its lease, and the volume that it had begun.
        var left = Directory.EnumerateFiles(_folder.Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 });
        Assert.All(left.Select(Path.GetFileName), file => Assert.Matches(@"^(\.volume-0001\.zip\..*|\.?lease-.*)$", file));
    }

    [Theory]
    [InlineData("--workers", "0")]
    [InlineData("--workers", "65")]
    [InlineData("--workers", "2", "--time-budget", "10s")]
    [InlineData("--workers", "2", "--resumable")]
    [InlineData("--workers", "2", "--incremental")]
    [InlineData("--workers", "2", "--resume", "20260101T000000Z-abcd")]
    public async Task Create_OptionsThatCannotBe_AreUsage(params string[] options) =>
        (await ToolProcess.RunAsync(["create", "--database", "Host=localhost", "--to", _folder.Path, .. options])).AssertFailed(2, "--workers");

    // A worker that is in the middle of a volume: it has a hidden file open.
    private async Task<Process> FindWriterAsync(ToolProcess tool)
    {
        // Looking without a pause would take a processor from the tool.
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!tool.HasExited)
        {
            foreach (var child in ChildrenOf(tool.Id))
            {
                if (OpenFilesOf(child).Any(file => file.StartsWith(_folder.Path, StringComparison.Ordinal) && file.EndsWith(".partial", StringComparison.Ordinal)))
                {
                    return Process.GetProcessById(child);
                }
            }

            await tick.WaitForNextTickAsync();
        }

        Assert.Fail((await tool.EndAsync()).Error);
        throw new UnreachableException();
    }

    private static List<int> ChildrenOf(int process)
    {
        var children = new List<int>();
        foreach (var task in Entries($"/proc/{process}/task"))
        {
            try
            {
                children.AddRange(File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse));
            }
            catch (IOException)
            {
                // The thread has ended.
            }
        }

        return children;
    }

    private static IEnumerable<string> OpenFilesOf(int process)
    {
        foreach (var descriptor in Entries($"/proc/{process}/fd"))
        {
            FileSystemInfo? target = null;
            try
            {
                target = File.ResolveLinkTarget(descriptor, returnFinalTarget: false);
            }
            catch (IOException)
            {
                // Closed since it was listed.
            }

            if (target is not null)
            {
                yield return target.FullName;
            }
        }
    }

    private static string[] Entries(string folder)
    {
        try
        {
            return Directory.GetFileSystemEntries(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
