using Backup.Core.Errors;
using Backup.Core.Pipeline.Memory;
using Backup.Core.Pipeline.Stages;

namespace Backup.Core.Tests.Pipeline.Stages;

public sealed class StageGraphTests
{
    [Fact]
    public async Task RunAsync_AllStagesEnd_PassesEveryItem()
    {
        using var graph = new StageGraph(CancellationToken.None);
        var channel = graph.Connect<int>(2);
        var received = new List<int>();
        _ = graph.Add("Make", 3, channel.Writer, async (worker, token) =>
        {
            for (var item = 0; item < 10; item++)
            {
                await channel.Writer.WriteAsync((worker * 10) + item, token);
            }
        });
        graph.Add("Take", async token =>
        {
            await foreach (var item in channel.Reader.ReadAllAsync(token))
            {
                received.Add(item);
            }
        });

        await graph.RunAsync();

        Assert.Equal(Enumerable.Range(0, 30), received.Order());
    }

    [Fact]
    public async Task RunAsync_SeveralStagesToOneChannel_CompletesItWithTheLast()
    {
        using var graph = new StageGraph(CancellationToken.None);
        var channel = graph.Connect<int>(2);
        var received = new List<int>();
        var isFirstOver = graph.Add("First", 1, channel.Writer, (_, token) => channel.Writer.WriteAsync(1, token).AsTask());
        _ = graph.Add("Second", 1, channel.Writer, async (_, token) =>
        {
            await isFirstOver.WaitAsync(token);
            await channel.Writer.WriteAsync(2, token);
        });
        graph.Add("Take", async token =>
        {
            await foreach (var item in channel.Reader.ReadAllAsync(token))
            {
                received.Add(item);
            }
        });

        await graph.RunAsync();

        Assert.Equal([1, 2], received);
    }

    [Fact]
    public async Task RunAsync_AStageFails_StopsTheOthersAndThrowsItsFault()
    {
        using var graph = new StageGraph(CancellationToken.None);
        var channel = graph.Connect<int>(1);
        var isStopped = false;
        _ = graph.Add("Make", 1, channel.Writer, async (_, token) =>
        {
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            finally
            {
                isStopped = true;
            }
        });
        graph.Add("Take", _ => throw new SinkException("full"));

        var exception = await Assert.ThrowsAsync<SinkException>(graph.RunAsync);

        Assert.Equal("full", exception.Message);
        Assert.Equal("Take", exception.Stage);
        Assert.True(isStopped);
    }

    [Fact]
    public async Task RunAsync_AStageFailsBecauseAnotherDid_ThrowsTheFirstFault()
    {
        using var graph = new StageGraph(CancellationToken.None);
        var channel = graph.Connect<int>(1);
        _ = graph.Add("Make", 1, channel.Writer, async (_, token) =>
        {
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            catch (OperationCanceledException)
            {
                throw new InvalidOperationException("second");
            }
        });
        graph.Add("Take", _ => throw new InvalidOperationException("first"));

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(graph.RunAsync);

        Assert.Equal("first", exception.Message);
    }

    [Fact]
    public async Task RunAsync_CallerCancels_ThrowsWithTheCallersToken()
    {
        using var cancellation = new CancellationTokenSource();
        using var graph = new StageGraph(cancellation.Token);
        graph.Add("Take", async token =>
        {
            await cancellation.CancelAsync();
            token.ThrowIfCancellationRequested();
        });

        var exception = await Assert.ThrowsAsync<OperationCanceledException>(graph.RunAsync);

        Assert.Equal(cancellation.Token, exception.CancellationToken);
    }

    [Fact]
    public async Task RunAsync_ItemsLeftInAChannel_AreDisposed()
    {
        using var graph = new StageGraph(CancellationToken.None);
        var channel = graph.Connect<MemoryReservation>(4);
        var budget = new MemoryBudget(100);
        var isWritten = new TaskCompletionSource();
        _ = graph.Add("Make", 1, channel.Writer, async (_, token) =>
        {
            await channel.Writer.WriteAsync(await budget.AcquireAsync(70, token), token);
            isWritten.SetResult();
        });
        graph.Add("Take", async _ =>
        {
            await isWritten.Task;
            throw new SinkException("full");
        });

        await Assert.ThrowsAsync<SinkException>(graph.RunAsync);

        Assert.Equal(100, budget.AvailableBytes);
    }

    [Fact]
    public async Task RunAsync_Deadline_StopsTheStagesWithoutAFault()
    {
        using var deadline = new CancellationTokenSource();
        using var graph = new StageGraph(CancellationToken.None, deadline.Token);
        var channel = graph.Connect<int>(1);
        _ = graph.Add("Make", 1, channel.Writer, async (_, token) =>
        {
            await deadline.CancelAsync();
            token.ThrowIfCancellationRequested();
        });
        _ = graph.Add("Torn", 1, channel.Writer, async (_, token) =>
        {
            await Task.Delay(Timeout.Infinite, token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            throw new SinkException("torn out of its work");
        });
        var isAborted = true;
        graph.AddLast("Take", async (abortToken, token) =>
        {
            await Task.Delay(Timeout.Infinite, token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            isAborted = abortToken.IsCancellationRequested;
        });

        await graph.RunAsync();

        Assert.False(isAborted);
    }

    [Fact]
    public async Task RunAsync_LastStageFailsAfterTheDeadline_ThrowsItsFault()
    {
        using var deadline = new CancellationTokenSource();
        using var graph = new StageGraph(CancellationToken.None, deadline.Token);
        graph.AddLast("Take", async (_, _) =>
        {
            await deadline.CancelAsync();
            throw new SinkException("full");
        });

        var exception = await Assert.ThrowsAsync<SinkException>(graph.RunAsync);

        Assert.Equal("Take", exception.Stage);
    }

    // A stage whose wait ends within the call that ends it must not bring the end of the run into that call.
    [Fact]
    public async Task RunAsync_StageWokenInPlaceIsCancelled_EndsOnAnotherThreadThanTheCallers()
    {
        using var source = new CancellationTokenSource();
        using var graph = new StageGraph(source.Token);
        var channel = graph.Connect<string>(1, wakesInPlace: true);
        var isWaiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        graph.Add("Take", token =>
        {
            var wait = channel.Reader.WaitToReadAsync(token).AsTask();
            isWaiting.SetResult();
            return wait;
        });
        var run = graph.RunAsync();
        var end = run.ContinueWith(
            _ => Thread.CurrentThread, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await isWaiting.Task;
        var caller = new Thread(source.Cancel);

        caller.Start();

        Assert.NotSame(caller, await end);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }
}
