using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Errors;
using Backup.Core.Pipeline;
using Backup.Core.Tests.Pipeline.Fakes;
using Backup.TestKit.Archives;

namespace Backup.Core.Tests.Pipeline.Incremental;

public sealed class ResumedIncrementalTests
{
    private static readonly InMemoryTable[] Before = [ResumedScene.Table("a", 3), ResumedScene.Table("b", 3)];

    // Of each table the second block is another.
    private static readonly InMemoryTable[] After =
        [.. Before.Select(table => table with { Blocks = [table.Blocks[0], InMemoryTable.Rows(900), table.Blocks[2]] })];

    private readonly ResumedScene _scene = new();

    [Fact]
    public async Task RunAsync_Resumed_GoesOnWithTheParentThatItWasBegunWith()
    {
        var (parent, run) = await SuspendAsync();
        await FullAsync(After);

        var result = await _scene.RunAsync(new InMemoryRowSource(After));

        Assert.Equal((run, BackupKind.Incremental, parent), (result.Id, result.Kind, result.Parent));
        Assert.Equal((parent, 1), (result.Manifest!.Parent, result.Manifest.Chain));
        await _scene.AssertHoldsAsync(result, After);
    }

    [Fact]
    public async Task RunAsync_ResumedWithAnotherParent_IsRefused()
    {
        await SuspendAsync();
        var other = await FullAsync(After);

        var exception = await Assert.ThrowsAsync<ResumeException>(() =>
            _scene.RunAsync(new InMemoryRowSource(After), request => request with { Incremental = true, Parent = other }));

        Assert.Contains("the parent", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("manifest.json", "not there any more")]
    [InlineData("volume-0001.zip", "volume-0001.zip is missing")]
    public async Task RunAsync_ResumedAndTheParentIsGone_NamesBoth(string file, string reason)
    {
        var (parent, run) = await SuspendAsync();
        await _scene.Sink.DeleteAsync(ArchiveNames.InSink(parent, file));

        var exception = await Assert.ThrowsAsync<ResumeException>(() => _scene.RunAsync(new InMemoryRowSource(After)));

        Assert.Contains($"{run} cannot be resumed: it builds on backup {parent}", exception.Message, StringComparison.Ordinal);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ResumedAndTheParentNoLongerReferencesWhatTheRunDoes_IsRefused()
    {
        var full = await FullAsync(Before);
        var parent = await FullAsync(After, isIncremental: true);
        await _scene.RunAsync(ResumedScene.Source(5, _scene.ReachDeadline, Before), request => request with { Incremental = true });
        var manifest = await ManifestFile.ReadAsync(_scene.Sink, parent, CancellationToken.None);
        var alone = manifest with
        {
            ReferenceParts = null,
            References = null,
            Totals = manifest.Totals with { Entries = manifest.Totals.Entries - manifest.Totals.ReferencedEntries, ReferencedEntries = 0, ReferencedBytes = 0 },
        };
        await _scene.Sink.WriteObjectAsync(ArchiveNames.InSink(parent, ArchiveNames.Manifest), ManifestFile.Serialize(alone));

        var exception = await Assert.ThrowsAsync<ResumeException>(() => _scene.RunAsync(new InMemoryRowSource(Before)));

        Assert.Contains($"references backup {full}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_FullRunResumedAsIncremental_StaysFullAndSaysSo()
    {
        await FullAsync(Before);
        await _scene.RunAsync(ResumedScene.Source(5, _scene.ReachDeadline, After));

        var result = await _scene.RunAsync(new InMemoryRowSource(After), request => request with { Incremental = true });

        Assert.Equal((BackupKind.Full, null), (result.Kind, result.Parent));
        Assert.Contains("begun as a full one", result.KindReason, StringComparison.Ordinal);
        await _scene.AssertHoldsAsync(result, After);
    }

    private async Task<(BackupId Parent, BackupId Run)> SuspendAsync()
    {
        var parent = await FullAsync(Before);
        var first = await _scene.RunAsync(
            ResumedScene.Source(5, _scene.ReachDeadline, After), request => request with { Incremental = true });
        Assert.Equal((BackupOutcome.Suspended, BackupKind.Incremental, parent), (first.Outcome, first.Kind, first.Parent));
        return (parent, first.Id);
    }

    private async Task<BackupId> FullAsync(InMemoryTable[] tables, bool isIncremental = false)
    {
        _scene.Time.Advance(TimeSpan.FromMinutes(1));
        var scene = new RunScene
        {
            Source = new InMemoryRowSource(tables),
            Sink = _scene.Sink,
            Options = _scene.Options,
            TimeProvider = _scene.Time,
            Ask = request => request with { Incremental = isIncremental },
        };
        var result = await scene.RunAsync();
        _scene.Time.Advance(TimeSpan.FromMinutes(1));
        return result.Id;
    }
}
