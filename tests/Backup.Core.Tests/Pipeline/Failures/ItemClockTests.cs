using Backup.Core.Pipeline.Failures;
using Microsoft.Extensions.Time.Testing;

namespace Backup.Core.Tests.Pipeline.Failures;

public sealed class ItemClockTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Start_ForTheWholeLimit_IsOver()
    {
        await using var clock = new ItemClock(Limit, _time, CancellationToken.None);

        clock.Start();
        _time.Advance(Limit - TimeSpan.FromSeconds(1));
        Assert.False(clock.IsOver);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(clock.IsOver);
        Assert.True(clock.Token.IsCancellationRequested);
    }

    [Fact]
    public async Task Stop_ForLong_DoesNotCount()
    {
        await using var clock = new ItemClock(Limit, _time, CancellationToken.None);

        clock.Start();
        _time.Advance(Limit / 2);
        clock.Stop();
        _time.Advance(Limit * 3);
        clock.Start();
        Assert.False(clock.IsOver);
        _time.Advance(Limit / 2);
        _time.Advance(Limit / 20);

        Assert.True(clock.IsOver);
    }

    [Fact]
    public async Task Reset_BetweenTwoPages_GivesEachTheWholeLimit()
    {
        await using var clock = new ItemClock(Limit, _time, CancellationToken.None);

        clock.Start();
        _time.Advance(Limit * 0.75);
        clock.Reset();
        clock.Start();
        _time.Advance(Limit * 0.75);
        Assert.False(clock.IsOver);
        _time.Advance(Limit / 2);

        Assert.True(clock.IsOver);
    }

    [Fact]
    public async Task Start_WithoutALimit_IsNeverOver()
    {
        using var cancellation = new CancellationTokenSource();
        await using var clock = new ItemClock(null, _time, cancellation.Token);

        clock.Start();
        _time.Advance(TimeSpan.FromDays(1));

        Assert.False(clock.IsOver);
        Assert.Equal(cancellation.Token, clock.Token);
    }

    [Fact]
    public async Task Token_CallerCancels_IsCancelledAndNotOver()
    {
        using var cancellation = new CancellationTokenSource();
        await using var clock = new ItemClock(Limit, _time, cancellation.Token);

        await cancellation.CancelAsync();

        Assert.True(clock.Token.IsCancellationRequested);
        Assert.False(clock.IsOver);
    }
}
