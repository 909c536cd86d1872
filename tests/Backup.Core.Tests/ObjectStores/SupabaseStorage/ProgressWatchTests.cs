using Backup.Core.ObjectStores.SupabaseStorage;
using Microsoft.Extensions.Time.Testing;

namespace Backup.Core.Tests.ObjectStores.SupabaseStorage;

public sealed class ProgressWatchTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ProgressWatch _watch;

    public ProgressWatchTests() => _watch = new ProgressWatch(new TransferLimits(TimeSpan.FromSeconds(30), 1000), _time);

    public void Dispose() => _watch.Dispose();

    [Fact]
    public void Wait_NothingMovesForTheTimeout_IsCut()
    {
        _watch.BeginWait();
        _time.Advance(TimeSpan.FromSeconds(29.9));
        Assert.False(_watch.Token.IsCancellationRequested);

        _time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.True(_watch.Token.IsCancellationRequested);
        Assert.Equal("no byte moved for 30 s", _watch.Reason);
    }

    [Fact]
    public void Wait_BeganWhileTheTimerRan_HasItsWholeTimeAndNoMore()
    {
        _watch.BeginWait();
        _time.Advance(TimeSpan.FromSeconds(20));
        _watch.Moved(1_000_000);
        _watch.BeginWait();
        _time.Advance(TimeSpan.FromSeconds(29.9));
        Assert.False(_watch.Token.IsCancellationRequested);

        _time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.True(_watch.Token.IsCancellationRequested);
    }

    [Fact]
    public void Wait_ShorterThanTheTimerStillRuns_IsCutAtItsOwnEnd()
    {
        _watch.BeginWait();
        _watch.Moved(1);

        _watch.BeginWait(TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.True(_watch.Token.IsCancellationRequested);
        Assert.Equal("no byte moved for 5 s", _watch.Reason);
    }

    [Fact]
    public void Moved_CallerTakesItsTime_DoesNotCount()
    {
        _watch.BeginWait();
        _watch.Moved(1);
        _time.Advance(TimeSpan.FromHours(1));
        _watch.BeginWait();
        _watch.Moved(1);
        _watch.BeginWait();
        _watch.Pause();
        _time.Advance(TimeSpan.FromHours(1));

        Assert.False(_watch.Token.IsCancellationRequested);
    }

    [Fact]
    public void Moved_Trickle_IsCutAfterOneWindow()
    {
        Move(2, bytes: 14_999, TimeSpan.FromSeconds(14.9));

        var exception = Assert.Throws<TimeoutException>(() => Move(1, bytes: 1, TimeSpan.FromSeconds(0.2)));

        Assert.Equal("only 29999 bytes moved in 30 s", exception.Message);
    }

    [Fact]
    public void Moved_FastEnough_GoesOnForEver() => Move(1000, bytes: 15_000, TimeSpan.FromSeconds(15));

    [Fact]
    public void Moved_NoLeastSpeed_LetsAnythingPassThatMoves()
    {
        using var watch = new ProgressWatch(new TransferLimits(TimeSpan.FromSeconds(30), 0), _time);
        for (var step = 0; step < 100; step++)
        {
            watch.BeginWait();
            _time.Advance(TimeSpan.FromSeconds(29));
            watch.Moved(1);
        }

        Assert.False(watch.Token.IsCancellationRequested);
    }

    private void Move(int times, int bytes, TimeSpan time)
    {
        for (var step = 0; step < times; step++)
        {
            _watch.BeginWait();
            _time.Advance(time);
            _watch.Moved(bytes);
        }
    }
}
