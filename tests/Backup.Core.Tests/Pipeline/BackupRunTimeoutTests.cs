using Backup.Core.Errors;
using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Failures;
using Backup.Core.Sinks;
using Backup.Core.Tests.Pipeline.Fakes;
using Backup.TestKit.Sinks;

namespace Backup.Core.Tests.Pipeline;

public sealed class BackupRunTimeoutTests
{
    private static readonly InMemoryTable Good = new("good", InMemoryTable.Rows(300, 100));

    private readonly ManualTimers _timers = new();

    public static TheoryData<SinkOperation, bool> Hanging => new()
    {
        { SinkOperation.Create, true },
        { SinkOperation.Create, false },
        { SinkOperation.Write, true },
        { SinkOperation.Write, false },
        { SinkOperation.Commit, true },
        { SinkOperation.Commit, false },
    };

    [Theory]
    [MemberData(nameof(Hanging))]
    public async Task ExecuteAsync_SinkHangs_FailsInTimeAndLeavesNothing(SinkOperation operation, bool heedsToken)
    {
        var memory = new InMemorySink();
        var hanging = new HangingSink(memory, operation, heedsToken, "volume-0001.zip");
        var run = Scene(hanging).RunAsync();

        await hanging.Hangs;
        await _timers.FireUntilAsync(LimitOf(operation), heedsToken ? run : _timers.FireAsync(BoundedCall.Grace));

        var exception = await Assert.ThrowsAsync<SinkException>(() => run);
        Assert.Equal(ErrorCategory.TimeOut, exception.Category);
        Assert.Contains("hangs", exception.Message, StringComparison.Ordinal);
        Assert.Contains("volume-0001.zip", exception.Message, StringComparison.Ordinal);
        Assert.Empty(await RunScene.NamesAsync(memory));

        // Even what comes late leaves nothing.
        hanging.Release();
        Assert.Empty(await RunScene.NamesAsync(memory));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ExecuteAsync_SinkHangsAtTheManifest_FailsInTimeAndLeavesNothing(bool heedsToken)
    {
        var memory = new InMemorySink();
        var hanging = new HangingSink(memory, SinkOperation.Commit, heedsToken, "manifest.json");
        var run = Scene(hanging).RunAsync();

        await hanging.Hangs;
        await _timers.FireUntilAsync(LimitOf(SinkOperation.Commit), heedsToken ? run : _timers.FireAsync(BoundedCall.Grace));

        Assert.Contains("manifest.json", (await Assert.ThrowsAsync<SinkException>(() => run)).Message, StringComparison.Ordinal);
        Assert.Empty(await RunScene.NamesAsync(memory));
    }

    [Fact]
    public async Task ExecuteAsync_SinkHangsWhileFilesAreDeleted_FailsInTimeWithTheFirstFault()
    {
        var hanging = new HangingSink(new InMemorySink(), SinkOperation.Delete, heedsToken: false, "manifest.json");
        var faulty = new FaultySink(hanging).FailOn(SinkOperation.Commit, "manifest.json");
        var logger = new RecordingLogger();
        var run = new RunScene { Source = new InMemoryRowSource(Good), Sink = faulty, Options = Options(), TimeProvider = _timers, Logger = logger }.RunAsync();

        await hanging.Hangs;
        await _timers.FireUntilAsync(LimitOf(SinkOperation.Delete), _timers.FireAsync(BoundedCall.Grace));

        Assert.Contains("Commit of", (await Assert.ThrowsAsync<SinkException>(() => run)).Message, StringComparison.Ordinal);
        Assert.Contains(logger.Warnings, text => text.Contains("could not delete manifest.json", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("read")]
    [InlineData("list-buckets")]
    [InlineData("list")]
    public async Task ExecuteAsync_StoreHangs_FailsInTimeAndLeavesNothing(string verb)
    {
        var hangs = new TaskCompletionSource();
        var scene = StoreScene.Beside(isInDatabase: false);
        var options = scene.Options;
        options.Timeouts = Options().Timeouts;
        options.Retries = Options().Retries;
        var run = new RunScene
        {
            Store = scene.Store, Sink = scene.Sink, Options = options, TimeProvider = _timers, Failures = new FailurePolicy { Objects = FailureLimit.FailFast },
        };
        run.Store!.Before = async (called, _, _) =>
        {
            if (called == verb)
            {
                hangs.TrySetResult();
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
            }
        };
        var running = run.RunAsync();

        await hangs.Task;
        // Several calls hang: some time out, and the others are cancelled with the run.
        await Task.WhenAll(
            _timers.FireUntilAsync(options.Timeouts.Transfer, running), _timers.FireUntilAsync(BoundedCall.Grace, running));

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => running);
        Assert.Equal(ErrorCategory.TimeOut, exception.Category);
        Assert.Contains("hangs", exception.Message, StringComparison.Ordinal);
        Assert.Empty(await RunScene.NamesAsync(scene.Sink));
    }

    [Fact]
    public async Task ExecuteAsync_ADatabaseThatSaysNothing_IsEndedByTheWatchdog()
    {
        var options = Options();
        options.Timeouts.Progress = TimeSpan.FromMilliseconds(200);
        var source = new InMemoryRowSource(Good);
        var scene = new RunScene { Source = source, Options = options };
        source.Hang = token => Task.Delay(Timeout.Infinite, token);

        var exception = await Assert.ThrowsAsync<BackupTimeoutException>(() => scene.RunAsync());

        Assert.StartsWith("Nothing has moved for 0.2 s: the run was copying, reading public.good", exception.Message, StringComparison.Ordinal);
        Assert.Equal("public.good", exception.Subject);
        Assert.Equal(ErrorCategory.TimeOut, exception.Category);
        Assert.Empty(await RunScene.NamesAsync(scene.Sink));
    }

    [Fact]
    public async Task ExecuteAsync_CancelledWhileNothingMoves_EndsWithTheCallersToken()
    {
        var source = new InMemoryRowSource(Good);
        var scene = new RunScene { Source = source, Options = Options(), TimeProvider = _timers };
        using var cancellation = new CancellationTokenSource();
        source.Hang = async token =>
        {
            await cancellation.CancelAsync();
            await Task.Delay(Timeout.Infinite, token);
        };

        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.RunAsync(cancellation.Token));

        Assert.Equal(cancellation.Token, exception.CancellationToken);
        Assert.Empty(await RunScene.NamesAsync(scene.Sink));
    }

    private static TimeSpan LimitOf(SinkOperation operation) =>
        operation == SinkOperation.Commit ? Options().Timeouts.Archive : Options().Timeouts.Sink;

    private static BackupOptions Options() => new()
    {
        Connections = 1,
        CompressionWorkers = 1,
        Timeouts = { Sink = TimeSpan.FromSeconds(21), Archive = TimeSpan.FromSeconds(51), Transfer = TimeSpan.FromSeconds(41), Progress = TimeSpan.FromHours(1) },
        Retries = { MaxAttempts = 1 },
    };

    private RunScene Scene(IBackupSink sink) => new()
    {
        Source = new InMemoryRowSource(Good),
        Sink = sink,
        Options = Options(),
        TimeProvider = _timers,
    };
}
