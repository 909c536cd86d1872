using Backup.Core.Errors;
using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Failures;
using Backup.Core.Sinks;
using Backup.Core.Tests.Pipeline.Fakes;
using Backup.TestKit.Sinks;

namespace Backup.Core.Tests.Pipeline.Failures;

public sealed class TimedSinkTests
{
    private static readonly BackupTimeouts Timeouts = new() { Sink = TimeSpan.FromSeconds(20), Archive = TimeSpan.FromSeconds(50) };

    private readonly ManualTimers _time = new();
    private readonly InMemorySink _memory = new();

    public static TheoryData<SinkOperation, bool> Calls
    {
        get
        {
            var calls = new TheoryData<SinkOperation, bool>();
            foreach (var operation in new[]
                     {
                         SinkOperation.Create, SinkOperation.Write, SinkOperation.Commit, SinkOperation.Open, SinkOperation.List, SinkOperation.Delete,
                     })
            {
                calls.Add(operation, true);
                calls.Add(operation, false);
            }

            return calls;
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_Hangs_EndsInItsTimeAndSaysWhichOne(SinkOperation operation, bool heedsToken)
    {
        var hanging = new HangingSink(_memory, operation, heedsToken);

        var call = CallAsync(Timed(hanging), operation, CancellationToken.None);
        await TimeOutAsync(hanging, call, operation == SinkOperation.Commit ? Timeouts.Archive : Timeouts.Sink, heedsToken);

        var exception = await Assert.ThrowsAsync<SinkException>(() => call);
        Assert.Equal(ErrorCategory.TimeOut, exception.Category);
        Assert.Contains("hangs", exception.Message, StringComparison.Ordinal);
        Assert.Contains("'id/a'", exception.Message, StringComparison.Ordinal);
        Assert.Contains(operation == SinkOperation.Commit ? "Timeouts.Archive" : "Timeouts.Sink", exception.Hint, StringComparison.Ordinal);
        Assert.Equal(heedsToken && operation is not (SinkOperation.Write or SinkOperation.Commit), exception.IsTransient);
        Assert.Equal(heedsToken ? 0 : 1, hanging.Waiting);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_CancelledWhileItHangs_EndsWithTheCallersToken(SinkOperation operation, bool heedsToken)
    {
        var hanging = new HangingSink(_memory, operation, heedsToken);
        using var cancellation = new CancellationTokenSource();

        var call = CallAsync(Timed(hanging), operation, cancellation.Token);
        await hanging.Hangs;
        await cancellation.CancelAsync();
        if (!heedsToken)
        {
            await _time.FireAsync(BoundedCall.Grace);
        }

        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(cancellation.Token, exception.CancellationToken);
    }

    [Fact]
    public async Task Commit_SucceedsAfterItWasGivenUp_IsTakenBack()
    {
        var hanging = new HangingSink(_memory, SinkOperation.Commit, heedsToken: false);
        var call = CallAsync(Timed(hanging), SinkOperation.Commit, CancellationToken.None);
        await TimeOutAsync(hanging, call, Timeouts.Archive, heedsToken: false);
        await Assert.ThrowsAsync<SinkException>(() => call);

        hanging.Release();
        await UntilAsync(() => hanging.Waiting == 0);
        await UntilAsync(() => RunScene.NamesAsync(_memory).GetAwaiter().GetResult().Count == 0);

        Assert.Empty(await RunScene.NamesAsync(_memory));
    }

    [Fact]
    public async Task DisposeAsync_Hangs_IsLeftBehind()
    {
        var hanging = new HangingSink(_memory, SinkOperation.Abort, heedsToken: false);
        var writer = await Timed(hanging).CreateAsync("id/a");

        var disposal = writer.DisposeAsync().AsTask();
        await TimeOutAsync(hanging, disposal, Timeouts.Sink, heedsToken: true);

        await disposal;
    }

    [Fact]
    public async Task Call_BlocksItsThread_HoldsUpNobody()
    {
        using var released = new ManualResetEventSlim();
        var sink = Timed(new BlockingSink(released));

        var call = sink.DeleteAsync("id/a").AsTask();
        await _time.FireAsync(Timeouts.Sink);
        await _time.FireAsync(BoundedCall.Grace);

        Assert.Equal(ErrorCategory.TimeOut, (await Assert.ThrowsAsync<SinkException>(() => call)).Category);
        released.Set();
    }

    [Fact]
    public async Task Calls_ThatEndInTime_DoTheirWork()
    {
        var sink = Timed(_memory);
        await using (var writer = await sink.CreateAsync("id/a"))
        {
            await writer.WriteAsync(new byte[] { 1, 2, 3 });
            await writer.WriteAsync(new byte[] { 4 });
            await writer.CommitAsync();
        }

        await using (var stream = await sink.OpenReadAsync("id/a", 1))
        {
            var bytes = new byte[10];
            Assert.Equal(3, await stream.ReadAsync(bytes));
            Assert.Equal([2, 3, 4], bytes[..3]);
        }

        Assert.Equal(["id/a"], await RunScene.NamesAsync(sink));
        await sink.DeleteAsync("id/a");
        Assert.Empty(await RunScene.NamesAsync(_memory));
    }

    private static async Task CallAsync(TimedSink sink, SinkOperation operation, CancellationToken cancellationToken)
    {
        switch (operation)
        {
            case SinkOperation.Open:
                await sink.OpenReadAsync("id/a", cancellationToken: cancellationToken);
                break;
            case SinkOperation.List:
                await foreach (var item in sink.ListAsync("id/a", cancellationToken))
                {
                    Assert.Equal("id/a", item.Name);
                }

                break;
            case SinkOperation.Delete:
                await sink.DeleteAsync("id/a", cancellationToken);
                break;
            default:
                await using (var writer = await sink.CreateAsync("id/a", cancellationToken))
                {
                    await writer.WriteAsync(new byte[10], cancellationToken);
                    await writer.CommitAsync(cancellationToken);
                }

                break;
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private TimedSink Timed(IBackupSink sink) => new TimedSink(sink, new SinkCalls("memory", Timeouts, _time));

    private async Task TimeOutAsync(HangingSink hanging, Task call, TimeSpan limit, bool heedsToken)
    {
        await hanging.Hangs;
        await _time.FireUntilAsync(limit, heedsToken ? call : _time.FireAsync(BoundedCall.Grace));
    }

    /// <summary>Blocks instead of awaiting, as a call to a network file system may.</summary>
    private sealed class BlockingSink(ManualResetEventSlim released) : IBackupSink
    {
        public SinkCapabilities Capabilities { get; } = new() { Location = "blocking", IsDurable = false };

        public ValueTask<SinkWriter> CreateAsync(string name, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<Stream> OpenReadAsync(
            string name, long offset = 0, long? length = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public IAsyncEnumerable<SinkObject> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
            AsyncEnumerable.Empty<SinkObject>();

        public ValueTask DeleteAsync(string name, CancellationToken cancellationToken = default)
        {
            released.Wait(CancellationToken.None);
            return ValueTask.CompletedTask;
        }
    }
}
