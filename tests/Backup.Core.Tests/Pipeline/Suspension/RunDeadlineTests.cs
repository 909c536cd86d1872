using Backup.Core.Pipeline.Suspension;
using Microsoft.Extensions.Time.Testing;

namespace Backup.Core.Tests.Pipeline.Suspension;

public sealed class RunDeadlineTests
{
    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(2, 1)]
    [InlineData(10, 2)]
    [InlineData(20, 3)]
    [InlineData(540, 60)]
    [InlineData(86_400, 60)]
    public void ReserveOf_ABudget_IsAShareOfItWithinBounds(double seconds, double reserve) =>
        Assert.Equal(TimeSpan.FromSeconds(reserve), RunDeadline.ReserveOf(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Deadline_ABudget_StopsThenDrops()
    {
        var time = new FakeTimeProvider();
        using var deadline = new RunDeadline(TimeSpan.FromSeconds(20), time);

        time.Advance(TimeSpan.FromSeconds(16.9));
        Assert.False(deadline.IsReached);

        time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(deadline.IsReached);
        Assert.False(deadline.DropToken.IsCancellationRequested);

        time.Advance(TimeSpan.FromSeconds(1.5));
        Assert.True(deadline.DropToken.IsCancellationRequested);
    }

    [Fact]
    public void Deadline_NoBudget_NeverComes()
    {
        var time = new FakeTimeProvider();
        using var deadline = new RunDeadline(null, time);

        time.Advance(TimeSpan.FromDays(1000));

        Assert.False(deadline.IsReached);
        Assert.False(deadline.DropToken.CanBeCanceled);
    }
}
