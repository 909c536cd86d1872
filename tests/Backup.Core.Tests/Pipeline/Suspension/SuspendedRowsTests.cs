using Backup.Core.Archives;
using Backup.Core.Archives.Resuming;
using Backup.Core.Errors;
using Backup.Core.Pipeline;
using Backup.Core.Sinks;
using Backup.Core.Tests.Pipeline.Fakes;
using Backup.Core.Verification;
using Microsoft.Extensions.Logging.Abstractions;

namespace Backup.Core.Tests.Pipeline.Suspension;

public sealed class SuspendedRowsTests
{
    private static readonly InMemoryTable Large = ResumedScene.Table("large", 6);
    private static readonly InMemoryTable Small = ResumedScene.Table("small", 2);

    // The two reads of each page are its bytes and its end.
    private const int ReadsOfLarge = 12;

    [Fact]
    public async Task RunAsync_DeadlineInTheSecondTable_KeepsTheFirst()
    {
        var scene = new ResumedScene();

        var result = await scene.RunAsync(ResumedScene.Source(ReadsOfLarge + 1, scene.ReachDeadline, Large, Small));

        Assert.Equal(BackupOutcome.Suspended, result.Outcome);
        Assert.Null(result.Manifest);
        Assert.Equal(1, result.Remaining!.Tables);
        Assert.False(result.Remaining.HasObjects);
        Assert.Equal("large", Assert.Single(result.Tables).Table.Name);
        var names = await RunScene.NamesAsync(scene.Sink);
        Assert.Contains($"{result.Id}/checkpoint-0001.json", names);
        Assert.DoesNotContain(names, name => name.EndsWith("manifest.json", StringComparison.Ordinal) || name.Contains("lease", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_Resumed_KeepsWhatWasCompleteAndReadsTheRestAgain()
    {
        var scene = new ResumedScene();
        var first = await scene.RunAsync(ResumedScene.Source(ReadsOfLarge + 1, scene.ReachDeadline, Large, Small));
        var reads = 0;
        var source = new InMemoryRowSource(Large, Small) { OnRead = _ => reads++, TakenAt = scene.Time.GetUtcNow() };

        var result = await scene.RunAsync(source);

        Assert.Equal(first.Id, result.Id);
        Assert.Equal(2, result.Part);
        await scene.AssertHoldsAsync(result, Large, Small);
        Assert.Equal(4, reads);
        var manifest = result.Manifest!;
        Assert.Equal([1, 2], manifest.Parts!.Select(part => part.Number));
        Assert.Equal(source.TakenAt, manifest.Database!.SnapshotAt);
        Assert.Equal(manifest.Parts![0].StartedAt, manifest.StartedAt);
        Assert.Equal(["database/data/public.small/"], manifest.Superseded!);
        Assert.Equal(
            ["database/data/public.large/", "database/data/public.small~2/"], manifest.Database.Tables.Select(table => table.Path));
    }

    [Fact]
    public async Task RunAsync_InOneGo_HasOnePartAndNothingSuperseded()
    {
        var scene = new ResumedScene();

        var result = await scene.RunAsync(new InMemoryRowSource(Large, Small));

        await scene.AssertHoldsAsync(result, Large, Small);
        Assert.Null(result.Manifest!.Parts);
        Assert.Null(result.Manifest.Superseded);
    }

    [Fact]
    public async Task RunAsync_DeadlineAfterTheLastRead_IsComplete()
    {
        var scene = new ResumedScene();

        var result = await scene.RunAsync(ResumedScene.Source(ReadsOfLarge, scene.ReachDeadline, Large), request => request with { TimeBudget = null, Resumable = true });

        await scene.AssertHoldsAsync(result, Large);
    }

    [Fact]
    public async Task RunAsync_DeadlineAfterAllRows_LeavesOnlyTheEnd()
    {
        var scene = new ResumedScene();
        var first = await scene.RunAsync(ResumedScene.Source(ReadsOfLarge, scene.ReachDeadline, Large));
        Assert.Equal((BackupOutcome.Suspended, 0), (first.Outcome, first.Remaining!.Tables));

        var result = await scene.RunAsync(new InMemoryRowSource(Large));

        await scene.AssertHoldsAsync(result, Large);
    }

    [Fact]
    public async Task RunAsync_ReaderHangsPastTheDeadline_IsDroppedAndReadAgain()
    {
        var scene = new ResumedScene();
        var wide = new InMemoryTable("wide", InMemoryTable.Rows(1, 900_000));
        var source = new InMemoryRowSource(Large, wide) { MaxReadBytes = 4096 };
        source.OnRead = read =>
        {
            if (read == ReadsOfLarge + 150)
            {
                // The row has outgrown its share: it streams into the volume, and is given up in its middle.
                scene.PassDeadline();
            }
        };

        var first = await scene.RunAsync(source);
        Assert.Equal((BackupOutcome.Suspended, 1), (first.Outcome, first.Remaining!.Tables));
        var result = await scene.RunAsync(new InMemoryRowSource(Large, wide));

        await scene.AssertHoldsAsync(result, Large, wide);
    }

    [Fact]
    public async Task RunAsync_NothingCompleteInTime_FailsAndLeavesNothing()
    {
        var scene = new ResumedScene();

        var exception = await Assert.ThrowsAsync<ResumeException>(
            () => scene.RunAsync(ResumedScene.Source(5, scene.ReachDeadline, Large)));

        Assert.Contains("time budget", exception.Message, StringComparison.Ordinal);
        Assert.Contains("mixed", exception.Hint, StringComparison.Ordinal);
        Assert.Empty(await RunScene.NamesAsync(scene.Sink));
    }

    [Fact]
    public async Task RunAsync_NothingMoreInTime_FailsAndKeepsWhatWasThere()
    {
        var scene = new ResumedScene();
        await scene.RunAsync(ResumedScene.Source(5, scene.ReachDeadline, Small, Large));
        var before = await RunScene.NamesAsync(scene.Sink);

        var exception = await Assert.ThrowsAsync<ResumeException>(
            () => scene.RunAsync(ResumedScene.Source(5, scene.ReachDeadline, Small, Large)));

        Assert.Equal(ErrorCategory.TimeOut, exception.Category);
        Assert.Contains("earlier parts", exception.Hint, StringComparison.Ordinal);
        Assert.Equal(before, await RunScene.NamesAsync(scene.Sink));
        await scene.AssertHoldsAsync(await scene.RunAsync(new InMemoryRowSource(Small, Large)), Small, Large);
    }

    [Fact]
    public async Task RunAsync_TablesChangedBetweenParts_HoldsThoseOfTheLastSnapshot()
    {
        var scene = new ResumedScene();
        var dropped = ResumedScene.Table("dropped", 1);
        var altered = ResumedScene.Table("altered", 1);
        await scene.RunAsync(ResumedScene.Source(ReadsOfLarge + 5, scene.ReachDeadline, Large, dropped, altered, Small));
        altered = ResumedScene.Table("altered", 3) with { Fingerprint = "one column more" };
        var added = ResumedScene.Table("added", 1);
        var grown = ResumedScene.Table("large", 9);

        var result = await scene.RunAsync(new InMemoryRowSource(grown, altered, added, Small));

        // A complete table is of the snapshot that it was read under, whatever has come into it since.
        await scene.AssertHoldsAsync(result, Large, altered, added, Small);
        Assert.Equal(
            ["database/data/public.altered/", "database/data/public.dropped/", "database/data/public.small/"],
            result.Manifest!.Superseded!);
    }

    [Fact]
    public async Task RunAsync_SnapshotNotKnownToBeHeld_KeepsNoTableUntilItIs()
    {
        var scene = new ResumedScene { Options = { VolumeBytes = 4096 } };
        var source = ResumedScene.Source(ReadsOfLarge + 3, () => throw new DatabaseException("The server went away."), Large, Small);
        var busy = new InMemoryRowSource(source.Tables) { OnRead = source.OnRead, IsCoordinatorBusy = true };

        await Assert.ThrowsAsync<DatabaseException>(() => scene.RunAsync(busy));

        Assert.Empty(await RunScene.NamesAsync(scene.Sink));
    }

    [Fact]
    public async Task RunAsync_FailsInTheMiddle_CanBeResumed()
    {
        var scene = new ResumedScene { Options = { VolumeBytes = 4096 } };
        var rest = new InMemoryTable("rest", [.. Enumerable.Repeat(InMemoryTable.Rows(1000), 300)]);

        await Assert.ThrowsAsync<DatabaseException>(() => scene.RunAsync(
            ResumedScene.Source(500, () => throw new DatabaseException("The server went away."), Large, rest),
            request => request with { TimeBudget = null, Resumable = true }));
        scene.Run = await RunOfAsync(scene.Sink);
        var result = await scene.RunAsync(new InMemoryRowSource(Large, rest));

        await scene.AssertHoldsAsync(result, Large, rest);
        Assert.Equal("database/data/public.large/", result.Manifest!.Database!.Tables[0].Path);
    }

    [Fact]
    public async Task RunAsync_FailedOrCancelledRunThatCanBeResumed_SaysSo()
    {
        var scene = new ResumedScene { Options = { VolumeBytes = 4096 } };
        var rest = new InMemoryTable("rest", [.. Enumerable.Repeat(InMemoryTable.Rows(1000), 300)]);
        using var cancellation = new CancellationTokenSource();
        var failing = ResumedScene.Source(500, () => throw new DatabaseException("The server went away."), Large, rest);
        var cancelled = ResumedScene.Source(300, cancellation.Cancel, Large, rest);
        var request = new BackupRequest { Resumable = true };

        var failure = await Assert.ThrowsAsync<DatabaseException>(() => PipelineOf(scene, failing).RunAsync(request));
        var id = await RunOfAsync(scene.Sink);
        var cancel = await Assert.ThrowsAsync<OperationCanceledException>(
            () => PipelineOf(scene, cancelled).RunAsync(request with { Resume = id }, null, cancellation.Token));

        Assert.Contains($"--resume {id}", failure.Hint, StringComparison.Ordinal);
        Assert.Contains($"--resume {id}", cancel.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_TableThatFailed_IsReadAgainByTheNextPart()
    {
        var scene = new ResumedScene { ContinuesOnTableFailure = true };
        var failing = ResumedScene.Table("failing", 4) with { FailingBlock = 3 };

        var first = await scene.RunAsync(ResumedScene.Source(ReadsOfLarge + 8, scene.ReachDeadline, Large, failing, Small));
        Assert.Equal(BackupOutcome.Suspended, first.Outcome);
        Assert.Equal("public.failing", Assert.Single(first.Failures).Subject);
        var result = await scene.RunAsync(new InMemoryRowSource(Large, failing with { FailingBlock = 0 }, Small));

        await scene.AssertHoldsAsync(result, Large, failing, Small);
        Assert.Contains("database/data/public.failing/", result.Manifest!.Superseded!);
    }

    [Fact]
    public async Task RunAsync_OpeningOutlastsTheBudget_EndsAndLeavesNothing()
    {
        var scene = new ResumedScene();

        var exception = await Assert.ThrowsAsync<ResumeException>(
            () => scene.RunAsync(new InMemoryRowSource(Large) { OnOpen = scene.PassDeadline }));

        Assert.Contains("time budget", exception.Message, StringComparison.Ordinal);
        Assert.Empty(await RunScene.NamesAsync(scene.Sink));
    }

    [Fact]
    public async Task RunAsync_AnotherDatabase_IsRefusedAndTheRunStays()
    {
        var scene = new ResumedScene();
        await scene.RunAsync(ResumedScene.Source(ReadsOfLarge + 1, scene.ReachDeadline, Large, Small));
        var before = await RunScene.NamesAsync(scene.Sink);

        var exception = await Assert.ThrowsAsync<ResumeException>(
            () => scene.RunAsync(new InMemoryRowSource(Large, Small) { Identity = "8" }));

        Assert.Contains("the database", exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, await RunScene.NamesAsync(scene.Sink));
    }

    [Fact]
    public async Task RunAsync_AnotherProcessHasTheRun_IsRefused()
    {
        var scene = new ResumedScene();
        await scene.RunAsync(ResumedScene.Source(ReadsOfLarge + 1, scene.ReachDeadline, Large, Small));
        await using (await RunLease.AcquireAsync(scene.Sink, scene.Run!.Value, scene.Time, CancellationToken.None))
        {
            var refused = await Assert.ThrowsAsync<ResumeException>(() => scene.RunAsync(new InMemoryRowSource(Large, Small)));
            Assert.Contains("not this process's", refused.Message, StringComparison.Ordinal);
        }

        await scene.AssertHoldsAsync(await scene.RunAsync(new InMemoryRowSource(Large, Small)), Large, Small);
    }

    [Fact]
    public async Task RunAsync_ResumedWhenFinished_IsRefused()
    {
        var scene = new ResumedScene();
        await scene.RunAsync(new InMemoryRowSource(Small));

        await Assert.ThrowsAsync<ResumeException>(() => scene.RunAsync(new InMemoryRowSource(Small)));

        var report = await new BackupVerifier(scene.Sink).VerifyAsync(scene.Run!.Value);
        Assert.Empty(report.Findings);
    }

    private static BackupPipeline PipelineOf(ResumedScene scene, InMemoryRowSource source) =>
        new(new PipelineParts(source, null, scene.Sink, scene.Compressor, scene.Options, NullLogger.Instance, scene.Time));

    // The one run that the sink holds.
    private static async Task<BackupId> RunOfAsync(IBackupSink sink)
    {
        var names = await RunScene.NamesAsync(sink);
        Assert.Contains(names, name => name.Contains("checkpoint-", StringComparison.Ordinal));
        Assert.True(BackupId.TryParse(Assert.Single(names.Select(name => name.Split('/')[0]).Distinct()), out var id));
        return id;
    }
}
