using Backup.Core.Archives;
using Backup.Core.Errors;
using Backup.Core.Pipeline;
using Backup.Core.Sharding.Coordination;
using Backup.Core.Sinks;
using Backup.Core.Tests.Pipeline.Fakes;
using Backup.Core.Verification;
using Backup.TestKit.Storage;

namespace Backup.Core.Tests.Sharding;

public class ShardedRunTests
{
    private static readonly InMemoryTable Large = new("large", [.. Enumerable.Range(1, 41).Select(n => InMemoryTable.Rows(n, 50))]);
    private static readonly InMemoryTable Whole = new("whole", InMemoryTable.Rows(60, 100)) { IsWhole = true };
    private static readonly InMemoryTable Small = new("small", InMemoryTable.Rows(3, 10));
    private static readonly InMemoryTable Empty = new("empty");

    [Fact]
    public async Task RunAsync_OfTablesByWorkers_HoldsAllRows()
    {
        var scene = new ShardScene { Source = new InMemoryRowSource(Large, Whole, Small, Empty), ShardBytes = 20_000 };

        var result = await scene.RunAsync();

        Assert.Equal(BackupOutcome.Complete, result.Outcome);
        Assert.Equal(3, result.Workers);
        await scene.ToRunScene().AssertHoldsAsync(result, Large, Whole, Small, Empty);
        await AssertVerifiedAsync(scene.Sink, result);
    }

    [Fact]
    public async Task RunAsync_OfObjectsByWorkers_HoldsAllOfThem()
    {
        var store = Objects(100);
        var orders = 0;
        var scene = new ShardScene
        {
            Source = new InMemoryRowSource(Small) { Objects = store },
            Store = store,
            ShardBytes = 700_000,
            OnOrder = _ => Interlocked.Increment(ref orders),
        };

        var result = await scene.RunAsync();

        Assert.True(orders > 5, $"{orders} shards");
        Assert.Equal(100, result.Totals.Objects);
        await StoreScene.AssertHoldsAsync(scene.ToRunScene(), result, store.Objects);
        await AssertVerifiedAsync(scene.Sink, result);
    }

    [Fact]
    public async Task RunAsync_OfAStoreAlone_HoldsAllObjects()
    {
        var store = Objects(20);
        var scene = new ShardScene { Store = store };

        var result = await scene.RunAsync();

        Assert.Equal(20, result.Totals.Objects);
        await AssertVerifiedAsync(scene.Sink, result);
    }

    [Fact]
    public async Task RunAsync_NothingToCopy_IsABackup()
    {
        var scene = new ShardScene { Source = new InMemoryRowSource(Empty) };

        var result = await scene.RunAsync();

        Assert.Equal(0, Assert.Single(result.Tables).Rows);
        await AssertVerifiedAsync(scene.Sink, result);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_WorkerIsLost_ItsShardIsTakenOver(bool isLostBehind)
    {
        var lost = 0;
        var scene = new ShardScene
        {
            Source = new InMemoryRowSource(Large, Small),
            ShardBytes = 20_000,
            OnOrder = order =>
            {
                if (!isLostBehind && order is { Shard.Id: 1, Attempt: 1 })
                {
                    lost++;
                    throw new InvalidOperationException("killed");
                }
            },
            IsLostBehind = order => isLostBehind && order is { Shard.Id: 1, Attempt: 1 } && ++lost > 0,
        };

        var result = await scene.RunAsync();

        Assert.Equal(1, lost);
        await scene.ToRunScene().AssertHoldsAsync(result, Large, Small);
        await AssertVerifiedAsync(scene.Sink, result);
        Assert.Equal(
            result.Manifest!.Volumes.Select(volume => volume.Name).Order(StringComparer.Ordinal), await VolumesAsync(scene.Sink));
    }

    [Fact]
    public async Task RunAsync_WorkersAreLostAgainAndAgain_FailsAndLeavesNothing()
    {
        var attempts = 0;
        var scene = new ShardScene
        {
            Source = new InMemoryRowSource(Large, Small),
            ShardBytes = 20_000,
            IsLostBehind = order => order.Shard.Id == 2 && Interlocked.Increment(ref attempts) > 0,
        };

        await Assert.ThrowsAsync<WorkerException>(() => scene.RunAsync());

        Assert.Equal(ShardCoordinator.MaxAttempts, attempts);
        Assert.Empty(await RunScene.NamesAsync(scene.Sink));
    }

    [Fact]
    public async Task RunAsync_TableCannotBeRead_FailsAsWithoutWorkers()
    {
        var failing = Large with { FailingBlock = 7 };
        var scene = new ShardScene { Source = new InMemoryRowSource(failing, Small), ShardBytes = 20_000 };

        var fault = await Assert.ThrowsAsync<DatabaseException>(() => scene.RunAsync());

        Assert.Contains("large", fault.Message, StringComparison.Ordinal);
        Assert.Empty(await RunScene.NamesAsync(scene.Sink));
    }

    [Fact]
    public async Task RunAsync_TableMayFail_IsNamedAndTheOthersAreThere()
    {
        var failing = Large with { FailingBlock = 7 };
        var scene = new ShardScene
        {
            Source = new InMemoryRowSource(failing, Small),
            ShardBytes = 20_000,
            Failures = new FailurePolicy { Tables = FailureLimit.AtMost(1) },
        };

        var result = await scene.RunAsync();

        Assert.Equal(BackupOutcome.CompletedWithFailures, result.Outcome);
        Assert.Equal("public.large", Assert.Single(result.Failures).Subject);
        await scene.ToRunScene().AssertHoldsAsync(result, Small);
        await AssertVerifiedAsync(scene.Sink, result);
    }

    [Fact]
    public async Task RunAsync_AnotherSessionWaitsForATable_IsReadByTheRunItself()
    {
        var source = new InMemoryRowSource(Large, Small);
        source.OnJoin = tables =>
        {
            if (tables.Any(table => table.Name == Large.QualifiedName))
            {
                throw new DatabaseException("It could not be locked.") { SqlState = "55P03", IsTransient = true };
            }
        };
        var scene = new ShardScene { Source = source, ShardBytes = 20_000 };

        var result = await scene.RunAsync();

        await scene.ToRunScene().AssertHoldsAsync(result, Large, Small);
        await AssertVerifiedAsync(scene.Sink, result);
    }

    [Fact]
    public async Task RunAsync_Cancelled_LeavesNothing()
    {
        using var cancellation = new CancellationTokenSource();
        var scene = new ShardScene
        {
            Source = new InMemoryRowSource(Large, Small),
            ShardBytes = 20_000,
            OnOrder = order =>
            {
                if (order.Shard.Id == 3)
                {
                    cancellation.Cancel();
                }
            },
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.RunAsync(cancellation.Token));

        Assert.Empty(await RunScene.NamesAsync(scene.Sink));
    }

    private static InMemoryObjectStore Objects(int count)
    {
        var store = StoreScene.Store("files");
        for (var i = 0; i < count; i++)
        {
            StoreScene.Set(store, "files", $"folder/{i:D3}.txt", new byte[i]);
        }

        return store;
    }

    private static async Task AssertVerifiedAsync(IBackupSink sink, BackupResult result)
    {
        var report = await new BackupVerifier(sink).VerifyAsync(result.Id);
        Assert.Empty(report.Findings);
    }

    private static async Task<IEnumerable<string>> VolumesAsync(IBackupSink sink) =>
        (await RunScene.NamesAsync(sink)).Select(name => name.Split('/')[1]).Where(ArchiveNames.IsVolume).Order(StringComparer.Ordinal);
}
