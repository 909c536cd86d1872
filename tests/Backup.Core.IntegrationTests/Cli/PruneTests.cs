using Backup.Core.Archives;
using Backup.Core.Sinks;
using Backup.TestKit;
using Backup.TestKit.Archives;

namespace Backup.Core.IntegrationTests.Cli;

public sealed class PruneTests : IDisposable
{
    private static readonly BackupId OldFull = new("20261101T010000Z-0001");
    private static readonly BackupId OldIncremental = new("20261102T010000Z-0002");
    private static readonly BackupId Full = new("20261103T010000Z-0003");
    private static readonly BackupId Incremental = new("20261104T010000Z-0004");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Prune_TwoChains_KeepsWhatTheNewestNeeds()
    {
        await WriteChainsAsync();
        string[] line = ["prune", "--from", _folder.Path, "--keep-last", "1", "--min-age", "0s"];
        var dry = (await ToolProcess.RunAsync([.. line, "--dry-run", "--json"])).EnsureComplete().Document;
        Assert.Equal("planned", dry.GetProperty("status").GetString());
        Assert.Equal([OldIncremental.Value, OldFull.Value], dry.GetProperty("removed").EnumerateArray().Select(id => id.GetString()));
        Assert.Equal(4, Directory.GetDirectories(_folder.Path).Length);

        var run = (await ToolProcess.RunAsync(line)).EnsureComplete();

        Assert.Contains($"needed by {Incremental}", run.Output, StringComparison.Ordinal);
        Assert.Contains("Removed 2 backups", run.Output, StringComparison.Ordinal);
        Assert.Equal([Full.Value, Incremental.Value], Directory.GetDirectories(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var verified = (await ToolProcess.RunAsync("verify", "latest", "--from", _folder.Path)).EnsureComplete();
        Assert.Contains("not unpacked (--full does)", verified.Output, StringComparison.Ordinal);
        verified = (await ToolProcess.RunAsync("verify", "latest", "--full", "--from", _folder.Path)).EnsureComplete();
        Assert.Contains("unpacked there as well", verified.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_IncrementalAndItsParent_NameEachOther()
    {
        await WriteChainsAsync();

        var incremental = (await ToolProcess.RunAsync("show", "latest", "--from", _folder.Path, "--json")).EnsureComplete().Document;
        var full = (await ToolProcess.RunAsync("show", Full.Value, "--from", _folder.Path)).EnsureComplete();

        Assert.Equal("incremental", incremental.GetProperty("kind").GetString());
        Assert.Equal(Full.Value, incremental.GetProperty("parent").GetString());
        Assert.Equal(Full.Value, Assert.Single(incremental.GetProperty("references").EnumerateArray()).GetProperty("id").GetString());
        Assert.Contains($"Needed by {Incremental}", full.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyCommand_ParentWasDeletedByHand_NamesIt()
    {
        await WriteChainsAsync();
        Directory.Delete(_folder[Full.Value], recursive: true);

        var listed = await ToolProcess.RunAsync("list", "--from", _folder.Path);
        var verified = await ToolProcess.RunAsync("verify", "latest", "--from", _folder.Path);
        var shown = (await ToolProcess.RunAsync("show", "latest", "--from", _folder.Path)).EnsureComplete();

        Assert.Equal(1, listed.ExitCode);
        Assert.Contains($"lacks {Full}, which is missing", listed.Output, StringComparison.Ordinal);
        Assert.Contains(listed.ErrorLines, line => line.StartsWith($"failed: {Incremental}: ", StringComparison.Ordinal));
        Assert.Equal(1, verified.ExitCode);
        Assert.Contains($"Missing: {Full}/manifest.json", verified.Output, StringComparison.Ordinal);
        Assert.Contains(Full.Value, shown.Error, StringComparison.Ordinal);
    }

    private async Task WriteChainsAsync()
    {
        var sink = new DirectorySink(_folder.Path);
        await SmallChain.CreateAsync(sink, OldFull);
        await SmallChain.CreateAsync(sink, OldIncremental, OldFull);
        await SmallChain.CreateAsync(sink, Full);
        await SmallChain.CreateAsync(sink, Incremental, Full);
    }
}
