using Backup.Core.Archives;
using Backup.Core.Archives.Resuming;
using Backup.Core.Catalog;
using Backup.Core.Catalog.Retention;
using Backup.Core.Errors;
using Backup.Core.Sinks;
using Backup.Core.Tests.Archives.Resuming;
using Backup.Core.Tests.Verification;
using Backup.Core.Verification;
using Backup.TestKit;
using Backup.TestKit.Archives;
using Backup.TestKit.Sinks;
using Microsoft.Extensions.Time.Testing;

namespace Backup.Core.Tests.Catalog;

public sealed class AbandonedRunsTests
{
    private static readonly BackupId Finished = new("20261120T010000Z-0001");
    private static readonly BackupId Crashed = new("20261121T010000Z-0002");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 3, 15, 0, TimeSpan.Zero));
    private readonly InMemorySink _sink = new();

    [Fact]
    public async Task ListAsync_AllKinds_TellsThemApart()
    {
        await SmallBackup.CreateAsync(_sink, Finished);
        await CrashAsync(Crashed);
        await new PartedRun(_sink, _time).RunAsync(4);
        var running = new BackupId("20261122T031501Z-0004");
        await using var lease = await RunLease.AcquireAsync(_sink, running, _time, CancellationToken.None);

        var runs = await new AbandonedRuns(_sink, _time).ListAsync();

        Assert.Equal(
            [(running, UnfinishedRunState.Running), (ArchiveBuilder.Id, UnfinishedRunState.Suspended), (Crashed, UnfinishedRunState.Abandoned)],
            runs.Select(run => (run.Id, run.State)));
        Assert.NotNull(runs[0].Owner);
        Assert.Equal((1, 2, _time.GetUtcNow()), (runs[1].Part, runs[1].Volumes, runs[1].KeptAt!.Value));
        Assert.Equal(1, runs[2].Volumes);
        Assert.True(runs[2].StoredBytes > 0);
    }

    [Fact]
    public async Task RemoveAsync_Defaults_RemovesOnlyWhatNobodyCanGoOnWith()
    {
        await SmallBackup.CreateAsync(_sink, Finished);
        await CrashAsync(Crashed);
        await new PartedRun(_sink, _time).RunAsync(4);

        var report = await new AbandonedRuns(_sink, _time).RemoveAsync();

        Assert.Equal([Crashed], report.Removed.Select(run => run.Id));
        Assert.Equal([ArchiveBuilder.Id], report.Kept.Select(run => run.Id));
        Assert.Empty(await _sink.ListAsync(Crashed.Value).ToListAsync());
        Assert.NotNull(await new PartedRun(_sink, _time).RunAsync());
        Assert.True((await new BackupVerifier(_sink).VerifyAsync(Finished)).IsIntact);
    }

    [Fact]
    public async Task RemoveAsync_RunThatIsAlive_LeavesItWhateverIsAsked()
    {
        await CrashAsync(Crashed, _time.GetUtcNow() + RunLease.Length);

        var report = await new AbandonedRuns(_sink, _time).RemoveAsync(new CleanUpOptions { KeepSuspendedFor = TimeSpan.Zero });

        Assert.Empty(report.Removed);
        Assert.Equal(2, await _sink.ListAsync(Crashed.Value).CountAsync());
    }

    [Fact]
    public async Task RemoveAsync_SuspendedForLong_RemovesIt()
    {
        await new PartedRun(_sink, _time).RunAsync(4);
        _time.Advance(CleanUpOptions.DefaultKeepSuspendedFor);

        await new AbandonedRuns(_sink, _time).RemoveAsync();

        Assert.Empty(await _sink.ListAsync("").ToListAsync());
    }

    [Fact]
    public async Task RemoveAsync_AllOfSuspended_RemovesThemOnlyIfItIsNoDryRun()
    {
        await new PartedRun(_sink, _time).RunAsync(4);
        var all = new CleanUpOptions { KeepSuspendedFor = TimeSpan.Zero };

        var dry = await new AbandonedRuns(_sink, _time).RemoveAsync(all with { DryRun = true });

        Assert.Equal([ArchiveBuilder.Id], dry.Removed.Select(run => run.Id));
        Assert.NotEmpty(await _sink.ListAsync("").ToListAsync());
        await new AbandonedRuns(_sink, _time).RemoveAsync(all);
        Assert.Empty(await _sink.ListAsync("").ToListAsync());
    }

    [Fact]
    public async Task RemoveAsync_FolderWithoutLeaseOfToday_LeavesItToTheOlderVersionThatMayWriteIt()
    {
        await _sink.WriteObjectAsync($"{ArchiveBuilder.Id}/volume-0001.zip", [1]);

        Assert.Equal(UnfinishedRunState.Running, Assert.Single((await new AbandonedRuns(_sink, _time).RemoveAsync()).Kept).State);
        _time.Advance(TimeSpan.FromDays(1));

        Assert.Single((await new AbandonedRuns(_sink, _time).RemoveAsync()).Removed);
    }

    [Fact]
    public async Task RemoveAsync_FilesOfARunBesideAManifest_AreNoDamageAndGo()
    {
        await SmallBackup.CreateAsync(_sink, Finished);
        await _sink.WriteObjectAsync($"{Finished}/checkpoint-0001.json", [1]);
        await _sink.WriteObjectAsync($"{Finished}/lease-0003.json", [1]);
        Assert.True((await new BackupVerifier(_sink).VerifyAsync(Finished)).IsIntact);

        var report = await new AbandonedRuns(_sink, _time).RemoveAsync();

        Assert.Equal(2, report.LeftOverFiles);
        Assert.DoesNotContain(await _sink.ListAsync("").ToListAsync(), item => item.Name.EndsWith(".json", StringComparison.Ordinal) && !item.Name.EndsWith("manifest.json", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RemoveAsync_BrokenOffAnywhere_GoesOnTheNextTime()
    {
        var all = new CleanUpOptions { KeepSuspendedFor = TimeSpan.Zero };
        for (var delete = 1; ; delete++)
        {
            var sink = new FaultySink(_sink);
            await new PartedRun(sink, _time).RunAsync(9);
            var before = sink.CountOf(SinkOperation.Delete);
            sink.FailFrom(SinkOperation.Delete, before + delete);
            var report = await new AbandonedRuns(sink, _time).RemoveAsync(all);
            var isWhole = report.Failures.Count == 0;
            sink.Heal();
            _time.Advance(RunLease.Length);

            await new AbandonedRuns(sink, _time).RemoveAsync(all);

            Assert.Empty(await _sink.ListAsync("").ToListAsync());
            if (isWhole)
            {
                return;
            }

            Assert.All(report.Failures, failure => Assert.IsType<SinkException>(failure));
        }
    }

    [Fact]
    public async Task RemoveAsync_RestOfABackupWhileAPruneGoesOn_IsLeftToThePrune()
    {
        await _sink.WriteObjectAsync($"{Crashed}/{ArchiveNames.PruneMark}", [1]);
        await _sink.WriteObjectAsync($"{Crashed}/index-0001.ndjson.gz", [1]);
        await using (await PruneLease.AcquireAsync(_sink, _time, CancellationToken.None))
        {
            var report = await new AbandonedRuns(_sink, _time).RemoveAsync();

            Assert.Equal([Crashed], report.Kept.Select(run => run.Id));
            Assert.Equal(2, await _sink.ListAsync(Crashed.Value).CountAsync());
        }

        Assert.Equal([Crashed], (await new AbandonedRuns(_sink, _time).RemoveAsync()).Removed.Select(run => run.Id));
        Assert.Empty(await _sink.ListAsync("").ToListAsync());
    }

    [Fact]
    public async Task RemoveAsync_RestOfABackup_TakesTheMarkOffLast()
    {
        foreach (var file in (string[])[ArchiveNames.PruneMark, "index-0001.ndjson.gz", "volume-0001.zip"])
        {
            await _sink.WriteObjectAsync($"{Crashed}/{file}", [1]);
        }

        await new AbandonedRuns(new FaultySink(_sink).FailOn(SinkOperation.Delete, "index-0001.ndjson.gz"), _time).RemoveAsync();

        Assert.Contains(await _sink.ListAsync(Crashed.Value).ToListAsync(), item => item.Name.EndsWith(ArchiveNames.PruneMark, StringComparison.Ordinal));
    }

    [Fact]
    public async Task RemoveAsync_HiddenFilesOfADeadProcess_GoWithItsFolder()
    {
        using var folder = new TemporaryFolder();
        var sink = new DirectorySink(folder.Path);
        await sink.WriteObjectAsync($"{Crashed}/volume-0001.zip", [1]);
        var partial = Path.Join(folder.Path, Crashed.Value, ".volume-0002.zip.0123456789abcdef.partial");
        await File.WriteAllBytesAsync(partial, [1]);

        await new AbandonedRuns(sink, _time).RemoveAsync();

        Assert.False(Directory.Exists(Path.Join(folder.Path, Crashed.Value)));
    }

    private async Task CrashAsync(BackupId id, DateTimeOffset? until = null)
    {
        await LeaseFile.WriteAsync(_sink, id, 4, new LeaseContent("dead/1/00", until ?? _time.GetUtcNow()), CancellationToken.None);
        await _sink.WriteObjectAsync($"{id}/volume-0001.zip", [1, 2, 3]);
    }
}
