using Backup.Core.Archives;
using Backup.Core.Archives.Resuming;
using Backup.Core.Catalog;
using Backup.Core.Catalog.Retention;
using Backup.Core.Errors;
using Backup.Core.Sinks;
using Backup.TestKit.Archives;
using Backup.TestKit.Sinks;
using Microsoft.Extensions.Time.Testing;
using static Backup.Core.Tests.Catalog.Retention.PruneScene;

namespace Backup.Core.Tests.Catalog.Retention;

public sealed class BackupPrunerTests
{
    private static readonly BackupId Run = new("20261122T031400Z-0009");

    private readonly FakeTimeProvider _time = Time();

    [Fact]
    public async Task RunAsync_Policy_RemovesWhatItDoesNotKeepAndNothingElse()
    {
        var scene = await CreateAsync();
        var sink = await scene.CopyAsync();

        var report = await new BackupPruner(sink, _time).RunAsync(KeepOne);

        Assert.Equal(Expired, report.Removed);
        Assert.Equal(Kept, report.Plan.Kept.Select(backup => backup.Id));
        Assert.Empty(report.Failures);
        Assert.True(report.FreedBytes > 0);
        await AssertWholeAsync(sink);
        await scene.AssertOnlyAsync(sink, Kept);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    public async Task RunAsync_VolumeThatTheNewestNeedsIsMissingOrCut_DoesNotTakeThePlaceOfAWholeOne(int? bytes)
    {
        var sink = await (await CreateAsync()).CopyAsync();
        var volume = ArchiveNames.InSink(NewFull, ArchiveNames.Volume(1));
        await sink.DeleteAsync(volume);
        if (bytes is { } left)
        {
            await sink.WriteObjectAsync(volume, new byte[left]);
        }

        var report = await new BackupPruner(sink, _time).RunAsync(KeepOne);

        Assert.Empty(report.Removed);
        Assert.Contains(new PruneReason(PruneReasonKind.LastGood), report.Plan.Backups.Single(backup => backup.Id == OldSecond).Reasons);
    }

    [Fact]
    public async Task RunAsync_DryRun_SaysTheSameAndWritesNothing()
    {
        var scene = await CreateAsync();
        var sink = new FaultySink(await scene.CopyAsync());

        var report = await new BackupPruner(sink, _time).RunAsync(KeepOne, new PruneOptions { DryRun = true });

        Assert.Equal(Expired, report.Removed);
        Assert.Equal(0, sink.CountOf(SinkOperation.Create) + sink.CountOf(SinkOperation.Delete));
        var done = await new BackupPruner(sink, _time).RunAsync(KeepOne);
        Assert.Equal(report.FreedBytes, done.FreedBytes);
    }

    [Fact]
    public async Task RunAsync_SuspendedRunBuildsOnABackup_KeepsIt()
    {
        var sink = await (await CreateAsync()).CopyAsync();
        await WriteCheckpointAsync(sink, OldFirst);

        var report = await new BackupPruner(sink, _time).RunAsync(KeepOne);

        Assert.Equal([OldSecond], report.Removed);
        Assert.Equal([new PruneReason(PruneReasonKind.NeededByRun, Run)], report.Plan.Backups.Single(backup => backup.Id == OldFirst).Reasons);
        await AssertWholeAsync(sink, [.. Kept, OldFirst, OldFull]);
    }

    [Fact]
    public async Task RunAsync_LeaseOfADeadProcess_KeepsNothing()
    {
        var sink = await (await CreateAsync()).CopyAsync();
        await LeaseFile.WriteAsync(sink, Run, 3, new LeaseContent("dead/1/00", _time.GetUtcNow(), null, [OldFull]), CancellationToken.None);

        Assert.Equal(Expired, (await new BackupPruner(sink, _time).RunAsync(KeepOne)).Removed);
    }

    [Fact]
    public async Task RunAsync_ManifestCannotBeRead_RemovesNothingAndNamesIt()
    {
        var scene = await CreateAsync();
        var sink = await scene.CopyAsync();
        await sink.WriteObjectAsync($"{OldSecond}/manifest.json", "{}"u8.ToArray());

        var exception = await Assert.ThrowsAsync<PruneException>(() => new BackupPruner(sink, _time).RunAsync(KeepOne));

        Assert.Contains(OldSecond.Value, exception.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.Damaged, exception.Category);
        await scene.AssertOnlyAsync(sink, [.. Kept, .. Expired]);
    }

    [Fact]
    public async Task RunAsync_AnotherPruneIsGoingOn_Refuses()
    {
        var scene = await CreateAsync();
        var sink = await scene.CopyAsync();
        await using var other = await PruneLease.AcquireAsync(sink, _time, CancellationToken.None);

        var exception = await Assert.ThrowsAsync<PruneException>(() => new BackupPruner(sink, _time).RunAsync(KeepOne));

        Assert.True(exception.IsTransient);
        Assert.Equal(ErrorCategory.Conflict, exception.Category);
        Assert.Equal(6, (await new BackupCatalog(sink).ListAsync()).Count);
    }

    [Fact]
    public async Task RunAsync_IncrementalCannotBeRemoved_ItsReferencesStayToo()
    {
        var inner = await (await CreateAsync()).CopyAsync();
        var sink = new FaultySink(inner).FailOn(SinkOperation.Delete, $"{OldSecond}/manifest.json");

        var report = await new BackupPruner(sink, _time).RunAsync(KeepOne);

        Assert.Empty(report.Removed);
        Assert.Equal(3, report.Failures.Count);
        Assert.Contains(OldSecond.Value, report.Failures[0].Subject, StringComparison.Ordinal);
        await AssertWholeAsync(inner, [.. Kept, .. Expired]);
    }

    [Fact]
    public async Task RunAsync_CheckpointLeftBesideAManifest_DoesNotBecomeARunAgain()
    {
        var inner = await (await CreateAsync()).CopyAsync();
        await inner.WriteObjectAsync($"{OldSecond}/checkpoint-0001.json", [1]);
        var sink = new FaultySink(inner).FailOn(SinkOperation.Delete, ".zip");

        await new BackupPruner(sink, _time).RunAsync(KeepOne);

        Assert.Empty(await new BackupCatalog(inner).ListResumableAsync());
        Assert.All(await new AbandonedRuns(inner, _time).ListAsync(), run => Assert.Equal(UnfinishedRunState.Abandoned, run.State));
    }

    [Fact]
    public async Task RunAsync_RemainsOfAnInterruptedPrune_AreCleanedUpByTheNextRunToo()
    {
        var scene = await CreateAsync();
        var inner = await scene.CopyAsync();
        await new BackupPruner(new FaultySink(inner).FailOn(SinkOperation.Delete, ".zip"), _time).RunAsync(KeepOne);

        await new AbandonedRuns(inner, _time).RemoveAsync();

        await scene.AssertOnlyAsync(inner, Kept);
    }

    [Fact]
    public async Task RunAsync_KeptBackupGoesAwayMeanwhile_RemovesNothing()
    {
        var inner = await (await CreateAsync()).CopyAsync();
        var sink = new SteppingSink(inner, async _ =>
        {
            if (await inner.ListAsync(OldFull.Value).AnyAsync(item => item.Name.EndsWith("prune-mark.json", StringComparison.Ordinal)))
            {
                await inner.DeleteAsync($"{NewSecond}/manifest.json");
            }
        });

        var exception = await Assert.ThrowsAsync<PruneException>(() => new BackupPruner(sink, _time).RunAsync(KeepOne));

        Assert.Equal(NewSecond.Value, exception.Subject);
        await AssertWholeAsync(inner, [NewFirst, NewFull, .. Expired]);
    }

    [Fact]
    public async Task RunAsync_EmptySink_DoesNothing()
    {
        var report = await new BackupPruner(new InMemorySink(), _time).RunAsync(KeepOne);

        Assert.Empty(report.Plan.Backups);
        Assert.Equal(0, report.FreedBytes);
    }

    private async Task WriteCheckpointAsync(InMemorySink sink, BackupId parent)
    {
        var checkpoint = new Checkpoint
        {
            FormatVersion = "1.3",
            Id = Run,
            Number = 1,
            WrittenAt = _time.GetUtcNow(),
            Run = new RunHeader { Fingerprint = new string('0', 64), Part = 1, StartedAt = _time.GetUtcNow(), Parent = parent, Needs = [parent] },
        };
        await sink.WriteObjectAsync($"{Run}/checkpoint-0001.json", CheckpointFile.Serialize(checkpoint));
    }
}
