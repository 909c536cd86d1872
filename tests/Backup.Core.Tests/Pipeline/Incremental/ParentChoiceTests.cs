using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Errors;
using Backup.Core.Pipeline;
using Backup.Core.Tests.Catalog.Retention;
using Backup.Core.Tests.Pipeline.Fakes;
using Backup.TestKit.Archives;

namespace Backup.Core.Tests.Pipeline.Incremental;

public sealed class ParentChoiceTests
{
    private readonly IncrementalScene _scene = new();

    [Fact]
    public async Task RunAsync_NoBackupYet_IsFullAndSaysWhy()
    {
        var result = await _scene.IncrementalAsync();

        Assert.Equal((BackupKind.Full, null), (result.Kind, result.Parent));
        Assert.Contains("first one", result.KindReason, StringComparison.Ordinal);
        Assert.Null(result.Changes);
        Assert.Equal((BackupKind.Full, 0), (result.Manifest!.Kind, result.Manifest.Chain));
    }

    [Fact]
    public async Task RunAsync_FullAskedFor_GivesNoReason()
    {
        await _scene.FullAsync();

        var result = await _scene.FullAsync();

        Assert.Equal((BackupKind.Full, null, null), (result.Kind, result.KindReason, result.Parent));
    }

    [Fact]
    public async Task RunAsync_BackupsThere_BuildsOnTheLatest()
    {
        await _scene.FullAsync();
        var second = await _scene.FullAsync();

        var third = await _scene.IncrementalAsync();
        var fourth = await _scene.IncrementalAsync();

        Assert.Equal((BackupKind.Incremental, second.Id, null), (third.Kind, third.Parent, third.KindReason));
        Assert.Equal((BackupKind.Incremental, third.Id, null), (fourth.Kind, fourth.Parent, fourth.KindReason));
        Assert.Equal((BackupKind.Incremental, third.Id, 2), (fourth.Manifest!.Kind, fourth.Manifest.Parent, fourth.Manifest.Chain));
        Assert.NotNull(fourth.Changes);
    }

    [Fact]
    public async Task RunAsync_ParentNamed_BuildsOnIt()
    {
        var first = await _scene.FullAsync();
        await _scene.FullAsync();

        Assert.Equal(first.Id, (await _scene.IncrementalAsync(first.Id)).Parent);
    }

    [Fact]
    public async Task RunAsync_ParentNamedIsNotThere_Throws()
    {
        await _scene.FullAsync();
        var missing = new BackupId("20200101T000000Z-0000");

        var exception = await Assert.ThrowsAsync<BackupNotFoundException>(() => _scene.IncrementalAsync(missing));

        Assert.Equal(missing.Value, exception.Subject);
    }

    [Fact]
    public async Task RunAsync_ChainIsAsLongAsAllowed_IsFullAgain()
    {
        _scene.Options.MaxChain = 2;
        await _scene.FullAsync();
        await _scene.IncrementalAsync();
        var last = await _scene.IncrementalAsync();

        var named = await Assert.ThrowsAsync<ParentException>(() => _scene.IncrementalAsync(last.Id));
        var full = await _scene.IncrementalAsync();
        var next = await _scene.IncrementalAsync();

        Assert.Contains("2 are allowed", named.Message, StringComparison.Ordinal);
        Assert.Equal((BackupKind.Full, null), (full.Kind, full.Parent));
        Assert.Contains($"{last.Id} is number 2 of its chain, and 2 are allowed", full.KindReason, StringComparison.Ordinal);
        Assert.Equal(full.Id, next.Parent);
    }

    [Fact]
    public async Task RunAsync_OtherDatabase_IsFullOrRefused()
    {
        var first = await _scene.FullAsync();
        _scene.Source = new InMemoryRowSource(_scene.Source!.Tables) { Identity = "8" };

        var named = await Assert.ThrowsAsync<ParentException>(() => _scene.IncrementalAsync(first.Id));
        var full = await _scene.IncrementalAsync();

        Assert.Contains("another server", named.Message, StringComparison.Ordinal);
        Assert.Equal(BackupKind.Full, full.Kind);
        Assert.Contains("no complete backup of this source", full.KindReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_LatestHasFailures_BuildsOnTheOneBefore()
    {
        var scene = new IncrementalScene { Failures = new FailurePolicy { Tables = FailureLimit.Continue } };
        var healthy = scene.Source!;
        scene.Source = new InMemoryRowSource([.. healthy.Tables, new InMemoryTable("bad", InMemoryTable.Rows(10)) { FailingBlock = 1 }]);
        var alone = await scene.FullAsync();
        var onAlone = await scene.IncrementalAsync();
        scene.Source = healthy;
        var complete = await scene.FullAsync();
        scene.Source = new InMemoryRowSource([.. healthy.Tables, new InMemoryTable("bad", InMemoryTable.Rows(10)) { FailingBlock = 1 }]);
        Assert.Equal(BackupOutcome.CompletedWithFailures, (await scene.FullAsync()).Outcome);

        var result = await scene.IncrementalAsync();

        Assert.Equal(alone.Id, onAlone.Parent);
        Assert.Equal(complete.Id, result.Parent);
    }

    [Fact]
    public async Task RunAsync_OnlyBackupHasFailuresAndGoesAwayAtAnyMoment_MakesABackup()
    {
        for (var call = 1; ; call++)
        {
            var scene = new IncrementalScene { Failures = new FailurePolicy { Tables = FailureLimit.Continue } };
            var healthy = scene.Source!;
            scene.Source = new InMemoryRowSource([.. healthy.Tables, new InMemoryTable("bad", InMemoryTable.Rows(10)) { FailingBlock = 1 }]);
            var removed = (await scene.FullAsync()).Id;
            var sink = new SteppingSink(scene.Sink, number => number == call ? scene.RemoveAsync(removed, ArchiveNames.Manifest) : Task.CompletedTask);

            var result = await new IncrementalScene { Sink = sink, Source = healthy }.IncrementalAsync();

            Assert.Equal(BackupOutcome.Complete, result.Outcome);
            if (sink.Calls < call)
            {
                return;
            }
        }
    }

    [Theory]
    [InlineData("manifest.json")]
    [InlineData("volume-0001.zip")]
    [InlineData("index-0001.ndjson.gz")]
    public async Task RunAsync_LatestIsDamaged_BuildsOnTheOneBeforeAndSaysSo(string file)
    {
        var good = await _scene.FullAsync();
        var damaged = await _scene.FullAsync();
        await _scene.CutAsync(damaged.Id, file);

        var named = await Assert.ThrowsAsync<ParentException>(() => _scene.IncrementalAsync(damaged.Id));
        var result = await _scene.IncrementalAsync();

        Assert.Contains($"{damaged.Id}: it is damaged", named.Message, StringComparison.Ordinal);
        Assert.Equal(good.Id, result.Parent);
        Assert.Contains(damaged.Id.Value, result.KindReason, StringComparison.Ordinal);
        Assert.Contains(_scene.Logger.Warnings, message => message.Contains($"does not build on {damaged.Id}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_IndexOfTheLatestIsSpoilt_BuildsOnTheOneBefore()
    {
        var good = await _scene.FullAsync();
        var damaged = await _scene.FullAsync();
        await _scene.SpoilAsync(damaged.Id, "index-0001.ndjson.gz");

        Assert.Equal(good.Id, (await _scene.IncrementalAsync()).Parent);
        await Assert.ThrowsAsync<ParentException>(() => _scene.IncrementalAsync(damaged.Id));
    }

    [Fact]
    public async Task RunAsync_OnlyBackupIsDamaged_IsFullAndSaysWhy()
    {
        var damaged = await _scene.FullAsync();
        await _scene.RemoveAsync(damaged.Id, "volume-0001.zip");

        var result = await _scene.IncrementalAsync();

        Assert.Equal(BackupKind.Full, result.Kind);
        Assert.Contains($"{damaged.Id} is damaged: volume-0001.zip is missing", result.KindReason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("manifest.json", "is not there any more")]
    [InlineData("volume-0001.zip", "is damaged: volume-0001.zip is missing")]
    public async Task RunAsync_BackupThatTheParentReferencesIsDamaged_IsNamed(string file, string reason)
    {
        AddStore();
        var full = await _scene.FullAsync();
        var first = await _scene.IncrementalAsync();
        Assert.Equal([full.Id], first.Manifest!.References!.Select(reference => reference.Id));
        await _scene.RemoveAsync(full.Id, file);

        var named = await Assert.ThrowsAsync<ParentException>(() => _scene.IncrementalAsync(first.Id));
        var result = await _scene.IncrementalAsync();

        Assert.Contains($"{first.Id}: it references backup {full.Id}, which {reason}", named.Message, StringComparison.Ordinal);
        Assert.Equal(BackupKind.Full, result.Kind);
        Assert.Contains($"{first.Id} references backup {full.Id}, which {reason}", result.KindReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_BackupThatTheParentReferencesIsAnotherOne_IsNamed()
    {
        AddStore();
        var full = await _scene.FullAsync();
        var first = await _scene.IncrementalAsync();
        var other = ManifestFile.Serialize(full.Manifest! with { WrittenBy = "someone else" });
        await _scene.Sink.WriteObjectAsync(ArchiveNames.InSink(full.Id, ArchiveNames.Manifest), other);

        var named = await Assert.ThrowsAsync<ParentException>(() => _scene.IncrementalAsync(first.Id));

        Assert.Contains("another digest", named.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_LatestIsMarkedForRemoval_BuildsOnTheOneBefore()
    {
        var kept = await _scene.FullAsync();
        var marked = await _scene.FullAsync();
        await _scene.Sink.WriteObjectAsync(ArchiveNames.InSink(marked.Id, ArchiveNames.PruneMark), "{}"u8.ToArray());

        var named = await Assert.ThrowsAsync<ParentException>(() => _scene.IncrementalAsync(marked.Id));
        var result = await _scene.IncrementalAsync();

        Assert.Contains("about to be removed", named.Message, StringComparison.Ordinal);
        Assert.Equal(kept.Id, result.Parent);
    }

    [Fact]
    public async Task RunAsync_TwoAtOnce_BothBuildOnTheLatest()
    {
        var full = await _scene.FullAsync();
        var other = new IncrementalScene { Sink = _scene.Sink };
        // Neither ends before both have chosen: what the first one left would be the latest for the second.
        var reading = 0;
        var bothRead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _scene.Source!.Hang = other.Source!.Hang = token =>
        {
            if (Interlocked.Increment(ref reading) == 2)
            {
                bothRead.SetResult();
            }

            return bothRead.Task.WaitAsync(token);
        };

        var both = await Task.WhenAll(_scene.IncrementalAsync(), other.IncrementalAsync());

        Assert.All(both, result => Assert.Equal((BackupOutcome.Complete, full.Id), (result.Outcome, result.Parent)));
        Assert.NotEqual(both[0].Id, both[1].Id);
    }

    [Fact]
    public async Task RunAsync_Refused_LeavesNothing()
    {
        var first = await _scene.FullAsync();
        await _scene.RemoveAsync(first.Id, "volume-0001.zip");
        var before = await RunScene.NamesAsync(_scene.Sink);

        await Assert.ThrowsAsync<ParentException>(() => _scene.IncrementalAsync(first.Id));

        Assert.Equal(before, await RunScene.NamesAsync(_scene.Sink));
    }

    private void AddStore()
    {
        var store = StoreScene.Store("b");
        StoreScene.Set(store, "b", "kept", StoreScene.Content(1, 100), item => item with { UpdatedAt = DateTimeOffset.UnixEpoch });
        (_scene.Store, _scene.Source!.Objects) = (store, store);
    }
}
