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
}
