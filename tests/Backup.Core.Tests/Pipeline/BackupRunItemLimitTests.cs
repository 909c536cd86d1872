using Backup.Core.Errors;
using Backup.Core.Pipeline;
using Backup.Core.Tests.Pipeline.Fakes;
using Backup.TestKit.Streams;
using Microsoft.Extensions.Time.Testing;

namespace Backup.Core.Tests.Pipeline;

/// <summary>Pages and objects that never fall silent and never end either: a second passes with each read.</summary>
public sealed class BackupRunItemLimitTests
{
    private const int LimitSeconds = 10;
    private const int BytesOfARead = 1000;

    // Some thirty reads: longer than the limit, shorter than a lease.
    private const int SlowBytes = 30_000;

    private static readonly InMemoryTable Slow = new("slow", InMemoryTable.Rows(SlowBytes / 100, 100));
    private static readonly InMemoryTable Good = new("good", InMemoryTable.Rows(10, 100));

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 3, 15, 0, TimeSpan.Zero));

    [Fact]
    public async Task ExecuteAsync_RowsTrickle_EndsInTimeAndNamesTheTable()
    {
        var scene = Rows(int.MaxValue);

        var exception = await Assert.ThrowsAsync<DatabaseException>(() => scene.RunAsync());

        Assert.Equal((ErrorCategory.TimeOut, "public.slow", true), (exception.Category, exception.Subject, exception.IsTransient));
        Assert.Contains("public.slow took longer than 10 s", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Timeouts.Item", exception.Hint, StringComparison.Ordinal);
        Assert.Empty(await RunScene.NamesAsync(scene.Sink));
    }

    [Fact]
    public async Task ExecuteAsync_RowsTrickleAndRunMayGoOn_LeavesTheTableOut()
    {
        var scene = Rows(LimitSeconds);
        scene.Failures = new FailurePolicy { Tables = FailureLimit.AtMost(1) };

        var result = await scene.RunAsync();

        Assert.Equal("public.slow", Assert.Single(result.Failures).Subject);
        await scene.AssertHoldsAsync(result, Good);
    }

    [Fact]
    public async Task ExecuteAsync_RowsTrickleOnce_AreReadAgain()
    {
        var scene = Rows(LimitSeconds, attempts: 2);

        var result = await scene.RunAsync();

        Assert.Equal(BackupOutcome.Complete, result.Outcome);
        await scene.AssertHoldsAsync(result, Slow, Good);
    }

    [Fact]
    public async Task ExecuteAsync_RowsTrickleWithoutALimit_AreReadToTheirEnd()
    {
        var scene = Rows(SlowBytes / BytesOfARead);
        scene.Options.Timeouts.Item = null;

        var result = await scene.RunAsync();

        await scene.AssertHoldsAsync(result, Slow, Good);
    }

    [Fact]
    public async Task ExecuteAsync_ObjectTrickles_EndsInTimeAndNamesTheObject()
    {
        var scene = Objects(int.MaxValue);
        scene.Failures = new FailurePolicy { Objects = FailureLimit.FailFast };

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => scene.RunAsync());

        Assert.Equal((ErrorCategory.TimeOut, "b/slow"), (exception.Category, exception.Subject));
        Assert.Contains("took longer than 10 s", exception.Message, StringComparison.Ordinal);
        Assert.Empty(await RunScene.NamesAsync(scene.Sink));
    }

    [Fact]
    public async Task ExecuteAsync_ObjectTricklesAndRunMayGoOn_LeavesItOut()
    {
        var scene = Objects(int.MaxValue);
        scene.Failures = new FailurePolicy { Objects = FailureLimit.AtMost(1) };

        var result = await scene.RunAsync();

        Assert.Equal("b/slow", Assert.Single(result.Failures).Subject);
        await StoreScene.AssertHoldsAsync(scene, result, StoreScene.ObjectsOf(scene.Store!, "b").Where(item => item.Name == "good"));
    }

    [Fact]
    public async Task ExecuteAsync_ObjectTricklesOnce_IsDownloadedAgain()
    {
        var scene = Objects(LimitSeconds);

        var result = await scene.RunAsync();

        Assert.Equal(BackupOutcome.Complete, result.Outcome);
        await StoreScene.AssertHoldsAsync(scene, result, StoreScene.ObjectsOf(scene.Store!, "b"));
    }

    private RunScene Rows(int slowReads, int attempts = 1) => new()
    {
        Source = new InMemoryRowSource(Slow, Good)
        {
            MaxReadBytes = BytesOfARead,
            OnRead = read => PassIf(read <= slowReads),
        },
        Options = Options(attempts),
        TimeProvider = _time,
    };

    private RunScene Objects(int slowReads)
    {
        var store = StoreScene.Store("b");
        StoreScene.Set(store, "b", "slow", StoreScene.Content(1, SlowBytes));
        StoreScene.Set(store, "b", "good", StoreScene.Content(2, 3000));
        var reads = 0;
        store.OnRead = (_, name, content) =>
            name == "slow" ? new TricklingStream(content, () => PassIf(++reads <= slowReads)) : content;
        return new RunScene { Store = store, Options = Options(attempts: 1), TimeProvider = _time };
    }

    private static BackupOptions Options(int attempts) => new()
    {
        Connections = 1,
        CompressionWorkers = 1,
        Transfers = 1,
        Timeouts = { Item = TimeSpan.FromSeconds(LimitSeconds) },
        Retries = { MaxAttempts = attempts, BaseDelay = TimeSpan.Zero },
    };

    private void PassIf(bool isSlow)
    {
        if (isSlow)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private sealed class TricklingStream(Stream inner, Action onRead) : HostileStream(inner)
    {
        public override int Read(Span<byte> buffer)
        {
            onRead();
            return Inner.Read(buffer[..Math.Min(buffer.Length, BytesOfARead)]);
        }
    }
}
