using Backup.Core.Archives;
using Backup.Core.Archives.Resuming;
using Backup.Core.Sinks;
using Backup.TestKit;
using Backup.TestKit.Archives;

namespace Backup.Core.IntegrationTests.Cli;

public sealed class CleanTests : IDisposable
{
    private static readonly BackupId Crashed = new("20261121T010000Z-0002");
    private static readonly BackupId Running = new("20261121T020000Z-0003");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Clean_CrashedAndRunningRuns_RemovesOnlyTheCrashedOne()
    {
        await WriteRunsAsync();
        var listed = (await ToolProcess.RunAsync("list", "--from", _folder.Path, "--json")).EnsureComplete().Document.GetProperty("unfinished");
        Assert.Equal(["running", "abandoned"], listed.EnumerateArray().Select(run => run.GetProperty("state").GetString()));
        var dry = (await ToolProcess.RunAsync("clean", "--from", _folder.Path, "--all", "--dry-run", "--json")).EnsureComplete().Document;
        Assert.Equal("planned", dry.GetProperty("status").GetString());

        var run = (await ToolProcess.RunAsync("clean", "--from", _folder.Path, "--all")).EnsureComplete();

        Assert.Contains($"Removed {Crashed}: abandoned", run.Output, StringComparison.Ordinal);
        Assert.Contains($"Kept {Running}: running", run.Output, StringComparison.Ordinal);
        Assert.Equal([Running.Value], Directory.GetDirectories(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Show_RunThatHasNotFinished_SaysWhatItIs()
    {
        await WriteRunsAsync();

        var run = (await ToolProcess.RunAsync("show", Crashed.Value, "--from", _folder.Path)).EnsureComplete();

        Assert.Contains("not finished: abandoned", run.Output, StringComparison.Ordinal);
    }

    private async Task WriteRunsAsync()
    {
        var sink = new DirectorySink(_folder.Path);
        await LeaseFile.WriteAsync(sink, Crashed, 1, new LeaseContent("dead/1/00", DateTimeOffset.UnixEpoch), CancellationToken.None);
        await sink.WriteObjectAsync($"{Crashed}/volume-0001.zip", [1]);
        await LeaseFile.WriteAsync(sink, Running, 1, new LeaseContent("alive/1/00", DateTimeOffset.MaxValue), CancellationToken.None);
    }
}
