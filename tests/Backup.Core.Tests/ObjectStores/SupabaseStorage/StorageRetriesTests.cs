using System.Net;
using System.Net.Http.Headers;
using Backup.Core.ObjectStores.SupabaseStorage;
using Microsoft.Extensions.Time.Testing;

namespace Backup.Core.Tests.ObjectStores.SupabaseStorage;

public sealed class StorageRetriesTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(7, 7)]
    [InlineData(60, 60)]
    [InlineData(3600, 60)]
    public void RetryAfter_Seconds_AreHonouredUpToAMinute(int seconds, int expected)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        response.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(seconds));

        Assert.Equal(TimeSpan.FromSeconds(expected), StorageRetries.RetryAfter(response, _time));
    }

    [Theory]
    [InlineData(20, 20)]
    [InlineData(7200, 60)]
    [InlineData(-20, null)]
    public void RetryAfter_Date_CountsFromNow(int secondsFromNow, int? expected)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter = new RetryConditionHeaderValue(_time.GetUtcNow().AddSeconds(secondsFromNow));

        Assert.Equal(expected is { } seconds ? TimeSpan.FromSeconds(seconds) : null, StorageRetries.RetryAfter(response, _time));
    }

    [Fact]
    public void RetryAfter_NoneSent_LeavesTheGrowingDelay()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);

        Assert.Null(StorageRetries.RetryAfter(response, _time));
        Assert.Null(StorageRetries.RetryAfter(null, _time));
    }
}
