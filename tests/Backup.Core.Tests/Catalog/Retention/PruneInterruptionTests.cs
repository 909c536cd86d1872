using Backup.Core.Archives;
using Backup.Core.Archives.Resuming;
using Backup.Core.Catalog;
using Backup.Core.Catalog.Retention;
using Backup.Core.Errors;
using Backup.Core.Merging;
using Backup.Core.Sinks;
using Backup.TestKit.Archives;
using Backup.TestKit.Sinks;
using Microsoft.Extensions.Time.Testing;
using static Backup.Core.Tests.Catalog.Retention.PruneScene;

namespace Backup.Core.Tests.Catalog.Retention;

/// <summary>Prunes that break off, or beside which others are at work, at every single call of the sink.</summary>
public sealed class PruneInterruptionTests
{
    private static readonly BackupId Run = new("20261122T031400Z-0009");

    private readonly FakeTimeProvider _time = Time();

    [Fact]
    public async Task RunAsync_SinkBreaksAtAnyCall_WhatIsThereIsWholeAndTheNextPruneFinishes()
    {
        var scene = await CreateAsync();
        for (var call = 1; ; call++)
        {
            var inner = await scene.CopyAsync();
            var sink = new FaultySink(inner).BreakAt(call);
            var isWhole = await TryRunAsync(sink);
            await AssertWholeAsync(inner);

            _time.Advance(RunLease.Length);
            await new BackupPruner(inner, _time).RunAsync(KeepOne);
            await AssertWholeAsync(inner);
            await AssertOnlyKeptAsync(scene, inner);
            if (isWhole && sink.TotalCalls < call)
            {
                return;
            }
        }
    }

    [Theory]
    [InlineData(SinkOperation.Delete)]
    [InlineData(SinkOperation.Commit)]
    [InlineData(SinkOperation.List)]
    public async Task RunAsync_AnswerToAnyCallIsLost_WhatIsThereIsWholeAndTheNextPruneFinishes(SinkOperation operation)
    {
        var scene = await CreateAsync();
        for (var call = 1; ; call++)
        {
            var inner = await scene.CopyAsync();
            var sink = new FaultySink(inner).FailAfter(operation, call);
            await TryRunAsync(sink);
            await AssertWholeAsync(inner);

            _time.Advance(RunLease.Length);
            await new BackupPruner(inner, _time).RunAsync(KeepOne);
            await AssertWholeAsync(inner);
            await AssertOnlyKeptAsync(scene, inner);
            if (sink.CountOf(operation) < call)
            {
                return;
            }
        }
    }

    [Fact]
    public async Task RunAsync_PruneBeforeBrokeOffAnywhereAndTheNextPolicyKeepsAll_WhatIsWholeStays()
    {
        var scene = await CreateAsync();
        for (var call = 1; ; call++)
        {
            var inner = await scene.CopyAsync();
            var sink = new FaultySink(inner).BreakAt(call);
            var isWhole = await TryRunAsync(sink);
            var left = (await new BackupCatalog(inner).ListAsync()).Select(entry => entry.Id).ToList();

            _time.Advance(RunLease.Length);
            await new BackupPruner(inner, _time).RunAsync(new RetentionPolicy { KeepLast = 100 });

            await AssertWholeAsync(inner, left);
            await scene.AssertOnlyAsync(inner, left);
            if (isWhole && sink.TotalCalls < call)
            {
                return;
            }
        }
    }

    [Fact]
    public async Task RunAsync_RunBeginsAndCommitsAtAnyMoments_WhatItBuildsOnStaysOrItIsTold()
    {
        var scene = await CreateAsync();
        var calls = await CountCallsAsync(scene);
        for (var begin = 1; begin <= calls; begin++)
        {
            foreach (var later in (int[])[0, 1, 4, 16, 64])
            {
                var look = begin + later;
                await using var run = new BuildingRun(await scene.CopyAsync(), _time, begin, look, commit: (begin * look % 7) + look);
                var sink = new SteppingSink(run.Sink, run.StepAsync);
                await new BackupPruner(sink, _time).RunAsync(KeepOne);
                await run.EndAsync();

                // A run that was quick enough is the newest backup, which the policy keeps in place of the others.
                await AssertWholeAsync(run.Sink, run.HasBegun ? [Run, .. run.Needs] : Kept);
                Assert.DoesNotContain(await new BackupCatalog(run.Sink).ListAsync(), entry => entry.IsMarked);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_WhatItRemovesIsMergedAgainAtAnyMoment_WhatIsThereIsWhole(bool isRestOfAnInterruptedPrune)
    {
        var scene = await CreateAsync();
        for (var call = 1; ; call++)
        {
            var inner = await scene.CopyAsync();
            var merged = (await new BackupMerger(inner, _time).MergeAsync(NewFirst)).Backup;
            if (isRestOfAnInterruptedPrune)
            {
                await inner.WriteObjectAsync($"{merged}/{ArchiveNames.PruneMark}", [1]);
                await inner.DeleteAsync($"{merged}/{ArchiveNames.Manifest}");
            }

            var sink = new SteppingSink(inner, number => number == call ? TryMergeAsync(inner, NewFirst) : Task.CompletedTask);
            await new BackupPruner(sink, _time).RunAsync(KeepOne);

            await AssertWholeAsync(inner);
            if (sink.Calls < call)
            {
                return;
            }
        }
    }

    [Fact]
    public async Task RunAsync_Cancelled_WhatIsThereIsWhole()
    {
        var scene = await CreateAsync();
        var inner = await scene.CopyAsync();
        using var cancellation = new CancellationTokenSource();
        var sink = new SteppingSink(inner, async call =>
        {
            if ((await inner.ListAsync(OldSecond.Value).ToListAsync()).All(item => !item.Name.EndsWith("manifest.json", StringComparison.Ordinal)))
            {
                await cancellation.CancelAsync();
            }
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new BackupPruner(sink, _time).RunAsync(KeepOne, null, cancellation.Token));

        await AssertWholeAsync(inner);
        await new BackupPruner(inner, _time).RunAsync(KeepOne);
        await scene.AssertOnlyAsync(inner, Kept);
    }

    // What a prune that ends early says is of no account here: what it leaves is.
    private async Task<bool> TryRunAsync(IBackupSink sink)
    {
        try
        {
            return (await new BackupPruner(sink, _time).RunAsync(KeepOne)).Failures.Count == 0;
        }
        catch (BackupException)
        {
            return false;
        }
    }

    private async Task TryMergeAsync(IBackupSink sink, BackupId backup)
    {
        try
        {
            await new BackupMerger(sink, _time).MergeAsync(backup);
        }
        catch (BackupException)
        {
            // It was told of the prune.
        }
    }

    // A lease that could not be deleted runs out, and the next prune replaces and deletes it.
    private static Task AssertOnlyKeptAsync(PruneScene scene, InMemorySink sink) => scene.AssertOnlyAsync(sink, Kept);

    private async Task<int> CountCallsAsync(PruneScene scene)
    {
        var sink = new SteppingSink(await scene.CopyAsync(), _ => Task.CompletedTask);
        await new BackupPruner(sink, _time).RunAsync(KeepOne);
        return sink.Calls;
    }
}
