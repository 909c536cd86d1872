using System.Net;
using Backup.TestKit.Storage;

namespace Backup.Core.Tests.TestKit.Storage;

public sealed class StorageServerFaultTests : StorageServerScene
{
    [Theory]
    [InlineData(429, "SlowDown")]
    [InlineData(500, "InternalError")]
    [InlineData(544, "DatabaseTimeout")]
    public async Task Status_WithRetryAfter_SaysBoth(int status, string code)
    {
        Server.Faults.Add(StorageCall.IsDownload, Fault.Status(status, TimeSpan.FromSeconds(3)), times: 1);

        using var failed = await GetAsync();
        using var next = await GetAsync();

        Assert.Equal(status, (int)failed.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(3), failed.Headers.RetryAfter?.Delta);
        Assert.Contains(code, await failed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    public async Task Add_FirstAndTimes_StrikeThoseCallsAlone()
    {
        Server.Faults.Add(StorageCall.Download("photos", "a.bin"), Fault.Status(500), first: 2, times: 2);

        var statuses = new List<HttpStatusCode>();
        for (var call = 0; call < 4; call++)
        {
            using var response = await GetAsync();
            statuses.Add(response.StatusCode);
        }

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.InternalServerError, HttpStatusCode.InternalServerError, HttpStatusCode.OK], statuses);
    }

    [Fact]
    public async Task Close_BeforeTheAnswer_BreaksTheCall()
    {
        Server.Faults.Add(StorageCall.Any, Fault.Close);

        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(70_000)]
    public async Task Cut_AfterSomeBytes_SendsThoseAndBreaks(int afterBytes)
    {
        Server.Faults.Add(StorageCall.Any, Fault.Cut(afterBytes));

        using var response = await GetAsync();
        var (bytes, isBroken) = await ReadAsync(response);

        Assert.True(isBroken);
        Assert.Equal(Bytes, response.Content.Headers.ContentLength);
        Assert.Equal(First(afterBytes), bytes);
    }

    [Fact]
    public async Task Reset_AfterSomeBytes_SendsNoMoreThanThose()
    {
        await Server.State.PutAsync(new NewObject("photos", "a.bin", StoredContent.Generated(1, 20_000_000)));
        Server.Faults.Add(StorageCall.Any, Fault.Reset(10_000_000));

        using var response = await GetAsync();
        var (bytes, isBroken) = await ReadAsync(response);

        Assert.True(isBroken);
        Assert.InRange(bytes.Length, 0, 10_000_000);
    }

    [Fact]
    public async Task Stall_AfterSomeBytes_SendsThoseAndNoMore()
    {
        Server.Faults.Add(StorageCall.Any, Fault.Stall(1000));
        using var response = await GetAsync();
        await using var body = await response.Content.ReadAsStreamAsync();
        var bytes = new byte[1000];
        await body.ReadExactlyAsync(bytes);
        using var source = new CancellationTokenSource();

        var more = body.ReadAsync(new byte[1], source.Token).AsTask();
        Assert.False(more.IsCompleted);
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => more);
        Assert.Equal(First(1000), bytes);
    }

    [Fact]
    public async Task Silence_ServerStops_EndsTheCall()
    {
        Server.Faults.Add(StorageCall.Any, Fault.Silence);

        var call = GetAsync();
        await Server.DisposeAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => call);
    }

    [Fact]
    public async Task Trickle_SmallPieces_SendTheWhole()
    {
        Server.Faults.Add(StorageCall.Any, Fault.Trickle(7_001, TimeSpan.Zero));

        using var response = await GetAsync();

        Assert.Equal(First(Bytes), (await ReadAsync(response)).Bytes);
    }

    [Fact]
    public async Task Shorter_ByTenBytes_IsWellFormedAndNotTheWhole()
    {
        Server.Faults.Add(StorageCall.Any, Fault.Shorter(10));

        using var response = await GetAsync();
        var (bytes, isBroken) = await ReadAsync(response);

        Assert.False(isBroken);
        Assert.Equal(Bytes - 10, response.Content.Headers.ContentLength);
        Assert.Equal(First(Bytes - 10), bytes);
    }

    [Fact]
    public async Task Longer_ByTenBytes_BreaksAfterTheTrueOnes()
    {
        Server.Faults.Add(StorageCall.Any, Fault.Longer(10));

        using var response = await GetAsync();
        var (bytes, isBroken) = await ReadAsync(response);

        Assert.True(isBroken);
        Assert.Equal(Bytes + 10, response.Content.Headers.ContentLength);
        Assert.Equal(First(Bytes), bytes);
    }

    [Fact]
    public async Task ETag_Another_IsSentWithTheSameBytes()
    {
        Server.Faults.Add(StorageCall.Any, Fault.ETag("\"other\""));

        using var response = await GetAsync();

        Assert.Equal("\"other\"", response.Headers.ETag?.Tag);
        Assert.Equal(First(Bytes), (await ReadAsync(response)).Bytes);
    }

    [Fact]
    public async Task ExpiredToken_FromTheSecondRequestOn_IsRefusedAsTheRealOneRefusesIt()
    {
        Server.Faults.Add(StorageCall.Any, Fault.ExpiredToken, first: 2);

        using var before = await GetAsync();
        using var after = await GetAsync();

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.Contains("claim timestamp check failed", await after.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ObjectReplacedBetweenTwoReads_GivesTheSecondAnotherVersion()
    {
        Server.Faults
            .Add(StorageCall.IsDownload, Fault.Cut(10), times: 1)
            .Add(StorageCall.IsDownload, Fault.Run(() => Server.State.PutAsync("photos", "a.bin", new string('x', Bytes))), first: 2);

        using var broken = await GetAsync();
        using var resumed = await GetAsync(offset: 10);

        Assert.Equal(HttpStatusCode.PartialContent, resumed.StatusCode);
        Assert.Equal($"bytes 10-{Bytes - 1}/{Bytes}", resumed.Content.Headers.ContentRange?.ToString());
        Assert.NotEqual(broken.Headers.ETag, resumed.Headers.ETag);
    }

    [Fact]
    public async Task Download_ObjectReplacedMeanwhile_EndsWithTheOldBytes()
    {
        await Server.State.PutAsync(new NewObject("photos", "large.bin", StoredContent.Generated(2, 20_000_000)));
        using var response = await GetAsync("/object/authenticated/photos/large.bin");

        await Server.State.PutAsync("photos", "large.bin", "new");

        await using var body = await response.Content.ReadAsStreamAsync();
        Assert.True(await StoredContent.Generated(2, 20_000_000).EqualsAsync(body));
    }
}
