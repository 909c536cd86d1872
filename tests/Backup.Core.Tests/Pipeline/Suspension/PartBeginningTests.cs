using Backup.Core.Archives;
using Backup.Core.Archives.Resuming;
using Backup.Core.Errors;
using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Failures;
using Backup.Core.Pipeline.Suspension;
using Backup.Core.Sinks;
using Backup.Core.Tests.Pipeline.Fakes;
using Backup.TestKit.Archives;
using Backup.TestKit.Sinks;
using Microsoft.Extensions.Time.Testing;

namespace Backup.Core.Tests.Pipeline.Suspension;

/// <summary>What a run does before it reads anything ends in time too.</summary>
public sealed class PartBeginningTests
{
    private const int CrashedVolumes = 30;

    private static readonly BackupId Crashed = new("20261121T010000Z-0002");
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromSeconds(2);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 3, 15, 0, TimeSpan.Zero));
    private readonly InMemorySink _memory = new();
    private readonly RecordingLogger _logger = new();

    [Theory]
    [InlineData(null, 60)]
    [InlineData(20, 2)]
    [InlineData(540, 54)]
    [InlineData(3600, 60)]
    public void LimitOf_Budget_IsATenthAndAMinuteAtTheMost(int? budgetSeconds, int limitSeconds)
    {
        TimeSpan? budget = budgetSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

        Assert.Equal(TimeSpan.FromSeconds(limitSeconds), AbandonedCleanUp.LimitOf(budget));
    }

    [Fact]
    public async Task ExecuteAsync_CleanUpIsSlow_IsCutShortAndTheRunGoesOn()
    {
        await CrashAsync(CrashedVolumes);
        var sink = new SlowDeletes(_memory, () => _time.Advance(TimeSpan.FromSeconds(1)));

        var result = await Scene(sink, _time).RunAsync();

        Assert.Equal(BackupOutcome.Complete, result.Outcome);
        Assert.Equal(2, sink.Deletes);
        Assert.Equal(CrashedVolumes - 2, await CountCrashedAsync());
        Assert.Contains(_logger.Warnings, text => text.Contains("abandoned runs", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ExecuteAsync_CleanUpHangs_IsCutShortAndTheRunGoesOn(bool heedsToken)
    {
        await CrashAsync(volumes: 1);
        var timers = new ManualTimers();
        var hanging = new HangingSink(_memory, SinkOperation.Delete, heedsToken, "volume-0001.zip");
        var run = Scene(hanging, timers).RunAsync();

        await hanging.Hangs;
        await Task.WhenAll(timers.FireUntilAsync(CleanUpLimit, run), timers.FireUntilAsync(BoundedCall.Grace, run));

        Assert.Equal(BackupOutcome.Complete, (await run).Outcome);
        Assert.Equal(1, await CountCrashedAsync());
        hanging.Release();
    }

    [Fact]
    public async Task ExecuteAsync_CancelledWhileTheCleanUpHangs_EndsWithTheCallersToken()
    {
        await CrashAsync(volumes: 1);
        var hanging = new HangingSink(_memory, SinkOperation.Delete, heedsToken: true, "volume-0001.zip");
        using var cancellation = new CancellationTokenSource();
        var run = Scene(hanging, _time).RunAsync(cancellation.Token);

        await hanging.Hangs;
        await cancellation.CancelAsync();

        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Equal(cancellation.Token, exception.CancellationToken);
    }

    [Fact]
    public async Task ExecuteAsync_SinkHangsUntilTheBudgetIsOver_SaysThatTheBudgetIsTooShort()
    {
        var hanging = new HangingSink(_memory, SinkOperation.List, heedsToken: true);
        var run = Scene(hanging, _time).RunAsync();

        await hanging.Hangs;
        _time.Advance(Budget);

        var exception = await Assert.ThrowsAsync<ResumeException>(() => run);
        Assert.Contains("time budget", exception.Message, StringComparison.Ordinal);
        Assert.Empty(await RunScene.NamesAsync(_memory));
    }

    private RunScene Scene(IBackupSink sink, TimeProvider timeProvider) => new()
    {
        Source = new InMemoryRowSource(ResumedScene.Table("t", 2)),
        Sink = sink,
        TimeProvider = timeProvider,
        Logger = _logger,
        Ask = request => request with { TimeBudget = Budget },
    };

    private async Task CrashAsync(int volumes)
    {
        await LeaseFile.WriteAsync(_memory, Crashed, 4, new LeaseContent("dead/1/00", DateTimeOffset.UnixEpoch), CancellationToken.None);
        for (var number = 1; number <= volumes; number++)
        {
            await _memory.WriteObjectAsync($"{Crashed}/volume-{number:0000}.zip", [1, 2, 3]);
        }
    }

    private async Task<int> CountCrashedAsync() =>
        (await RunScene.NamesAsync(_memory)).Count(name => name.StartsWith($"{Crashed}/volume-", StringComparison.Ordinal));

    /// <summary>A sink that takes its time to delete a volume.</summary>
    private sealed class SlowDeletes(IBackupSink inner, Action onDelete) : IBackupSink
    {
        public int Deletes { get; private set; }

        public SinkCapabilities Capabilities => inner.Capabilities;

        public ValueTask<SinkWriter> CreateAsync(string name, CancellationToken cancellationToken = default) =>
            inner.CreateAsync(name, cancellationToken);

        public ValueTask<Stream> OpenReadAsync(string name, long offset = 0, long? length = null, CancellationToken cancellationToken = default) =>
            inner.OpenReadAsync(name, offset, length, cancellationToken);

        public IAsyncEnumerable<SinkObject> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
            inner.ListAsync(prefix, cancellationToken);

        public ValueTask DeleteAsync(string name, CancellationToken cancellationToken = default)
        {
            if (name.Contains("/volume-", StringComparison.Ordinal))
            {
                Deletes++;
                onDelete();
            }

            // What is being deleted when it is cut short is deleted.
            return inner.DeleteAsync(name, CancellationToken.None);
        }
    }
}
