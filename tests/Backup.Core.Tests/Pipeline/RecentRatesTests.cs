using Backup.Core.Pipeline;
using Microsoft.Extensions.Time.Testing;

namespace Backup.Core.Tests.Pipeline;

public sealed class RecentRatesTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly RecentRates _rates;
    private long _bytes;

    public RecentRatesTests() => _rates = new RecentRates(_time, _time.GetTimestamp());

    [Fact]
    public void PerSecond_NoSample_IsZero() => Assert.Equal(0, BytesPerSecond());

    [Fact]
    public void PerSecond_ShorterThanTheWindow_IsThatSinceTheStart()
    {
        Pass(seconds: 4, bytesPerSecond: 100);

        Assert.Equal(100, BytesPerSecond(), 6);
    }

    [Fact]
    public void PerSecond_SpeedChanged_ForgetsTheOldOneAfterTheWindow()
    {
        Pass(seconds: 30, bytesPerSecond: 100);
        Pass(seconds: 5, bytesPerSecond: 0);
        Assert.Equal(50, BytesPerSecond(), 6);

        Pass(seconds: 5, bytesPerSecond: 0);

        Assert.Equal(0, BytesPerSecond(), 6);
    }

    [Fact]
    public void Add_TooSoonAfterTheLast_IsLeftOut()
    {
        Pass(seconds: 2, bytesPerSecond: 100);

        _rates.Add(_time.GetTimestamp(), new RunCounts(_bytes + 1_000_000, 0, 0, 0), Second / 2);

        Assert.Equal(100, BytesPerSecond(), 6);
    }

    private double BytesPerSecond() => _rates.PerSecond(counts => counts.Bytes);

    private void Pass(int seconds, long bytesPerSecond)
    {
        for (var second = 0; second < seconds; second++)
        {
            _time.Advance(Second);
            _bytes += bytesPerSecond;
            _rates.Add(_time.GetTimestamp(), new RunCounts(_bytes, 0, 0, 0), Second / 2);
        }
    }
}
