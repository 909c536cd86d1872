using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Backup.Core.Pipeline.Failures;
using Backup.Core.Tests.Pipeline.Fakes;
using Backup.TestKit.Storage;
using Backup.TestKit.Streams;
using Microsoft.Extensions.Time.Testing;

namespace Backup.Core.Tests.Pipeline.Failures;

public sealed class TimedObjectStoreTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly ManualTimers _timers = new();
    private readonly InMemoryObjectStore _memory = StoreScene.Store("b");
    private readonly TaskCompletionSource _hangs = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TimedObjectStoreTests() => StoreScene.Set(_memory, "b", "a", [1, 2, 3]);

    [Theory]
    [InlineData("list-buckets", true)]
    [InlineData("list-buckets", false)]
    [InlineData("list", true)]
    [InlineData("list", false)]
    [InlineData("find", true)]
    [InlineData("find", false)]
    [InlineData("read", true)]
    [InlineData("read", false)]
    public async Task Call_Hangs_EndsInItsTimeAndSaysWhichOne(string verb, bool heedsToken)
    {
        Hang(verb, heedsToken);
        var call = CallAsync(new TimedObjectStore(_memory, Limit, _timers), verb, CancellationToken.None);

        await _hangs.Task;
        await _timers.FireAsync(Limit);
        if (!heedsToken)
        {
            await _timers.FireAsync(BoundedCall.Grace);
        }

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => call);
        Assert.Equal((ErrorCategory.TimeOut, ObjectStoreError.Unavailable, true), (exception.Category, exception.Error, exception.IsTransient));
        Assert.Contains("The store 'memory' hangs", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Timeouts.Transfer", exception.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("find")]
    public async Task Call_CancelledWhileItHangs_EndsWithTheCallersToken(string verb)
    {
        Hang(verb, heedsToken: true);
        using var cancellation = new CancellationTokenSource();
        var call = CallAsync(new TimedObjectStore(_memory, Limit, _timers), verb, cancellation.Token);

        await _hangs.Task;
        await cancellation.CancelAsync();

        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(cancellation.Token, exception.CancellationToken);
    }

    [Fact]
    public async Task ListBucketsAsync_CancelledWithinAStep_WaitsForItAndEndsWithTheCallersToken()
    {
        using var cancellation = new CancellationTokenSource();
        _memory.Before = async (_, _, token) =>
        {
            await cancellation.CancelAsync();
            await Task.Yield();
            token.ThrowIfCancellationRequested();
        };

        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => CallAsync(new TimedObjectStore(_memory, Limit, _timers), "list-buckets", cancellation.Token));

        Assert.Equal(cancellation.Token, exception.CancellationToken);
    }

    [Fact]
    public async Task Read_BytesStop_EndsInItsTime()
    {
        var time = new FakeTimeProvider();
        await using var stream = new TimedContentStream(
            new ObjectContent(new SilentStream(Stream.Null), 3, null), Limit, time, () => new ObjectStoreException("silent"));
        var read = stream.ReadAsync(new byte[10]).AsTask();

        time.Advance(Limit);
        time.Advance(Limit / 2);

        Assert.Equal("silent", (await Assert.ThrowsAsync<ObjectStoreException>(() => read)).Message);
    }

    [Fact]
    public async Task Read_CallerTakesHisTime_IsNotCut()
    {
        var time = new FakeTimeProvider();
        await using var content = await new TimedObjectStore(_memory, Limit, time).OpenReadAsync("b", "a");
        Assert.Equal(1, await content.Content.ReadAsync(new byte[1]));

        time.Advance(Limit * 10);

        Assert.Equal(2, await content.Content.ReadAsync(new byte[10]));
    }

    private void Hang(string verb, bool heedsToken) => _memory.Before = async (called, _, token) =>
    {
        if (called == verb)
        {
            _hangs.TrySetResult();
            await Task.Delay(Timeout.Infinite, heedsToken ? token : CancellationToken.None);
        }
    };

    private static async Task CallAsync(TimedObjectStore store, string verb, CancellationToken cancellationToken)
    {
        switch (verb)
        {
            case "list-buckets":
                await foreach (var bucket in store.ListBucketsAsync(cancellationToken))
                {
                    Assert.NotNull(bucket);
                }

                break;
            case "list":
                await foreach (var item in store.ListObjectsAsync("b", string.Empty, cancellationToken))
                {
                    Assert.NotNull(item);
                }

                break;
            case "find":
                await store.FindObjectAsync("b", "a", cancellationToken);
                break;
            default:
                await store.OpenReadAsync("b", "a", 0, cancellationToken);
                break;
        }
    }

    private sealed class SilentStream(Stream inner) : HostileStream(inner)
    {
        public override int Read(Span<byte> buffer) => throw new NotSupportedException();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }
}
