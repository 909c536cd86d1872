using Backup.Core.Pipeline.Memory;

namespace Backup.Core.Tests.Pipeline.Memory;

public sealed class MemoryBudgetTests
{
    [Fact]
    public async Task AcquireAsync_EnoughFree_CompletesAtOnce()
    {
        var budget = new MemoryBudget(100);

        var pending = budget.AcquireAsync(60, CancellationToken.None);

        Assert.True(pending.IsCompletedSuccessfully);
        Assert.Equal(40, budget.AvailableBytes);
        (await pending).Dispose();
        Assert.Equal(100, budget.AvailableBytes);
    }

    [Fact]
    public async Task AcquireAsync_SmallWishBehindLargeOne_WaitsItsTurn()
    {
        var budget = new MemoryBudget(100);
        var first = await budget.AcquireAsync(60, CancellationToken.None);
        var large = budget.AcquireAsync(90, CancellationToken.None).AsTask();
        var small = budget.AcquireAsync(10, CancellationToken.None).AsTask();
        Assert.False(small.IsCompleted);

        first.Dispose();

        Assert.Equal(90, (await large).Bytes);
        Assert.Equal(10, (await small).Bytes);
        Assert.Equal(0, budget.AvailableBytes);
    }

    [Fact]
    public async Task AcquireAsync_LargeWishCancelled_LetsThoseBehindItGoOn()
    {
        using var cancellation = new CancellationTokenSource();
        var budget = new MemoryBudget(100);
        using var first = await budget.AcquireAsync(60, CancellationToken.None);
        var large = budget.AcquireAsync(90, cancellation.Token).AsTask();
        var small = budget.AcquireAsync(10, CancellationToken.None).AsTask();

        await cancellation.CancelAsync();

        await Assert.ThrowsAsync<TaskCanceledException>(() => large);
        Assert.Equal(10, (await small).Bytes);
    }

    [Fact]
    public async Task LimitTo_LessThanIsTaken_GrantsAgainWhenEnoughIsGivenBack()
    {
        var budget = new MemoryBudget(100);
        var first = await budget.AcquireAsync(40, CancellationToken.None);
        var second = await budget.AcquireAsync(40, CancellationToken.None);
        budget.LimitTo(50);
        var waiting = budget.AcquireAsync(10, CancellationToken.None).AsTask();

        Assert.False(waiting.IsCompleted);
        first.Dispose();
        using var granted = await waiting;
        Assert.False(budget.AcquireAsync(1, CancellationToken.None).AsTask().IsCompleted);
        second.Dispose();
    }

    [Fact]
    public async Task LimitTo_TheWhole_ServesWhoWaits()
    {
        var budget = new MemoryBudget(100);
        budget.LimitTo(10);
        var waiting = budget.AcquireAsync(100, CancellationToken.None).AsTask();

        Assert.False(waiting.IsCompleted);
        budget.LimitTo(100);
        using var granted = await waiting;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void LimitTo_NothingOrMoreThanThereIs_Throws(long bytes) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new MemoryBudget(100).LimitTo(bytes));

    [Fact]
    public async Task AcquireAsync_MoreThanThereCanBe_Throws() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await new MemoryBudget(100).AcquireAsync(101, CancellationToken.None));

    [Fact]
    public async Task Dispose_Twice_ReturnsTheBytesOnce()
    {
        var budget = new MemoryBudget(100);
        var reservation = await budget.AcquireAsync(60, CancellationToken.None);

        reservation.Dispose();
        reservation.Dispose();

        Assert.Equal(100, budget.AvailableBytes);
    }
}
