using Backup.Core.Compression;
using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Memory;
using Backup.Core.Tests.Hosting;
using Backup.Core.Tests.Hosting.Probes;
using Backup.Core.Tests.Pipeline.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Backup.Core.Tests.Pipeline.Memory;

public sealed class MemoryWatchTests : IAsyncDisposable
{
    private const long Low = 60_000_000;
    private const long High = 80_000_000;

    private readonly FakeTimeProvider _time = new();
    private readonly FakeProcessMemory _process = new() { Taken = 10_000_000 };
    private readonly RecordingLogger _logger = new();
    private readonly ResourcePlan _plan;
    private readonly MemoryBudget _budget;
    private readonly BufferPool _buffers;
    private readonly MemoryWatch _watch;
    private long _sinkBytes;

    public MemoryWatchTests()
    {
        _plan = ResourcePlan.Create(
            new BackupOptions { Profile = BackupProfile.Default }, new RunLanes(true, true), new NoCompressor(), FakeHost.Of(2, 100_000_000));
        _budget = new MemoryBudget(_plan.BudgetBytes);
        _buffers = new BufferPool(_plan.BudgetBytes);
        _watch = new MemoryWatch(_plan, _budget, _buffers, _process, () => _sinkBytes, _time, _logger, "b");
    }

    public ValueTask DisposeAsync() => _watch.DisposeAsync();

    [Fact]
    public void Tick_BelowTheLowWatermark_LetsTheWholeBudgetBeTaken()
    {
        Take(Low);

        Assert.True(_budget.AcquireAsync(_plan.BudgetBytes, CancellationToken.None).AsTask().IsCompleted);
        Assert.Equal(0, Captured.TimesSlowed);
    }

    [Fact]
    public async Task Tick_AboveTheLowWatermark_GrantsWhatWorkNeeds()
    {
        using var overhead = await _budget.AcquireAsync(_plan.OverheadBytes, CancellationToken.None);
        Take(Low + 1);

        for (var reader = 0; reader < _plan.Connections; reader++)
        {
            Assert.True(_budget.AcquireAsync(_plan.ShareBytes, CancellationToken.None).AsTask().IsCompleted);
        }

        var oneMore = _budget.AcquireAsync(1, CancellationToken.None).AsTask();
        Assert.False(oneMore.IsCompleted);

        Take(Low - (Low / 16) + 1);
        Assert.False(oneMore.IsCompleted);

        Take(Low - (Low / 16));
        using var granted = await oneMore;
    }

    [Fact]
    public async Task Use_FewerConnectionsWhileSlowed_GrantsWhatTheseNeed()
    {
        Take(Low + 1);
        var plan = _plan.WithConnections(1);
        _watch.Use(plan);

        using var granted = await _budget.AcquireAsync(plan.SlowedBytes, CancellationToken.None);
        Assert.False(_budget.AcquireAsync(1, CancellationToken.None).AsTask().IsCompleted);
    }

    [Fact]
    public void Tick_PassingTheLowWatermarkTwice_CountsAndSaysItOnce()
    {
        Take(Low + 1);
        Take(Low + 2);
        Take(0);
        Take(Low + 1);

        Assert.Equal((2, TimeSpan.FromSeconds(1)), (Captured.TimesSlowed, Captured.SlowedFor));
        Assert.Single(_logger.Texts, text => text.Contains("reads less at once", StringComparison.Ordinal));
        Assert.Equal(0, _process.Compactions);
    }

    [Fact]
    public void Tick_AboveTheHighWatermark_CompactsEveryTenSecondsAtMost()
    {
        _buffers.Rent(100).Dispose();
        for (var half = 0; half < 39; half++)
        {
            Take(High + 1);
        }

        Assert.Equal(2, _process.Compactions);
        Assert.Equal(2, Captured.TimesCompacted);
        Assert.Single(_logger.Texts, text => text.Contains("compacts memory", StringComparison.Ordinal));
    }

    [Fact]
    public void Tick_WhatTheSinkHoldsInMemory_CountsToo()
    {
        _sinkBytes = Low;
        Take(1);

        Assert.Equal((1, Low, 10_000_000), (Captured.TimesSlowed, Captured.SinkBytes, Captured.PeakWorkingSetBytes));
    }

    [Fact]
    public void Capture_AfterAPeak_RemembersIt()
    {
        Take(50_000_000);
        Take(20_000_000);

        Assert.Equal((50_000_000, 25_000_000, 7), (Captured.PeakWorkingSetBytes, Captured.PeakManagedBytes, Captured.LimitBytes));
        Assert.Equal((Low, High), (Captured.LowWatermarkBytes, Captured.HighWatermarkBytes));
    }

    [Fact]
    public async Task DisposeAsync_TimeGoesOn_TakesNoMoreSamples()
    {
        await _watch.DisposeAsync();
        Take(Low + 1);

        Assert.True(_budget.AcquireAsync(_plan.BudgetBytes, CancellationToken.None).AsTask().IsCompleted);
    }

    private BackupMemory Captured => _watch.Capture(7);

    private void Take(long bytes)
    {
        _process.Taken = bytes;
        _time.Advance(MemoryWatch.Interval);
    }
}
