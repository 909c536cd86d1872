using Backup.Core.Hosting;

namespace Backup.Core.Tests.Hosting;

public sealed class DedicatedThreadTests
{
    [Fact]
    public async Task RunAsync_SeveralItems_RunOnOneThreadThatIsNotThePools()
    {
        using var thread = new DedicatedThread("reader");

        var first = await thread.RunAsync(() => (Environment.CurrentManagedThreadId, Thread.CurrentThread.IsThreadPoolThread));
        var second = await thread.RunAsync(() => (Environment.CurrentManagedThreadId, Thread.CurrentThread.IsThreadPoolThread));

        Assert.Equal(first, second);
        Assert.False(first.IsThreadPoolThread);
    }

    [Fact]
    public async Task RunAsync_AwaiterOfABlockedThread_ContinuesElsewhere()
    {
        using var thread = new DedicatedThread("reader");

        var id = await thread.RunAsync(() => Environment.CurrentManagedThreadId);

        Assert.NotEqual(id, Environment.CurrentManagedThreadId);
    }

    [Fact]
    public async Task RunAsync_Fault_ReachesTheAwaiterAndTheThreadGoesOn()
    {
        using var thread = new DedicatedThread("reader");

        await Assert.ThrowsAsync<IOException>(() => thread.RunAsync<int>(() => throw new IOException("lost")));

        Assert.Equal(7, await thread.RunAsync(() => 7));
    }

    [Fact]
    public async Task RunAsync_AfterDispose_IsRefused()
    {
        var thread = new DedicatedThread("reader");
        thread.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => thread.RunAsync(() => 1));
    }

    [Fact]
    public async Task EnterAsync_FromElsewhere_GoesOnOnTheThreadUntilSomethingElseIsAwaited()
    {
        using var thread = new DedicatedThread("reader");
        var id = await thread.RunAsync(() => Environment.CurrentManagedThreadId);
        var wasThere = thread.IsCurrent;

        await thread.EnterAsync();
        var entered = (Environment.CurrentManagedThreadId, thread.IsCurrent);
        var nested = await NestedAsync();
        await Task.Yield();

        Assert.False(wasThere);
        Assert.Equal((id, true), entered);
        Assert.Equal(id, nested);
        Assert.NotEqual(id, Environment.CurrentManagedThreadId);

        async Task<int> NestedAsync()
        {
            await thread.EnterAsync();
            return Environment.CurrentManagedThreadId;
        }
    }

    [Fact]
    public async Task EnterAsync_FromElsewhere_KeepsWhatFlowsWithTheCaller()
    {
        using var thread = new DedicatedThread("reader");
        var flowing = new AsyncLocal<string> { Value = "page 7" };

        await thread.EnterAsync();

        Assert.Equal("page 7", flowing.Value);
    }

    [Fact]
    public async Task EnterAsync_CallerThatFailsThere_LeavesTheThreadForTheNext()
    {
        using var thread = new DedicatedThread("reader");

        await Assert.ThrowsAsync<IOException>(FailAsync);

        Assert.Equal(7, await thread.RunAsync(() => 7));

        async Task FailAsync()
        {
            await thread.EnterAsync();
            throw new IOException("lost");
        }
    }

    [Fact]
    public async Task RunAsync_FromTheThread_RunsWhenItsCallerWaits()
    {
        using var thread = new DedicatedThread("reader");
        await thread.EnterAsync();
        var id = Environment.CurrentManagedThreadId;

        var there = await thread.RunAsync(() => Environment.CurrentManagedThreadId);

        Assert.Equal(id, there);
        Assert.False(thread.IsCurrent);
    }

    [Fact]
    public async Task EnterAsync_AfterDispose_IsRefused()
    {
        var thread = new DedicatedThread("reader");
        thread.Dispose();

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await thread.EnterAsync());
    }
}
