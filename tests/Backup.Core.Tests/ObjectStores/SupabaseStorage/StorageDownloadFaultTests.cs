using Backup.Core.Errors;
using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.TestKit.Storage;

namespace Backup.Core.Tests.ObjectStores.SupabaseStorage;

/// <summary>Downloads while the server does what servers do: recovered with the right bytes, or reported, and never for ever.</summary>
public sealed class StorageDownloadFaultTests
{
    private const int Bytes = 1_000_000;
    private const string Name = "a b/c+d.bin";

    private static readonly TimeSpan Short = TimeSpan.FromSeconds(0.5);
    private static readonly Func<StorageRequest, bool> Download = StorageCall.Download(StorageScene.Bucket, Name);

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(544)]
    public async Task Download_ServerIsBusyForAWhile_IsTriedAgain(int status)
    {
        await using var scene = await StorageScene.StartAsync();
        var content = await scene.PutAsync(Name, Bytes);
        scene.Server.Faults.Add(Download, Fault.Status(status), times: 2);

        await scene.AssertDownloadsAsync(Name, content);

        Assert.Equal(3, scene.Server.Requests.Count(Download));
    }

    [Fact]
    public async Task Download_ServerStaysBusy_IsReportedAsPassing()
    {
        await using var scene = await StorageScene.StartAsync();
        var content = await scene.PutAsync(Name, Bytes);
        scene.Server.Faults.Add(Download, Fault.Status(429));

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => scene.AssertDownloadsAsync(Name, content));

        Assert.Equal((ObjectStoreError.Unavailable, 429, "SlowDown", true), (exception.Error, exception.Status, exception.Code, exception.IsTransient));
        Assert.Equal(3, scene.Server.Requests.Count(Download));
    }

    [Fact]
    public async Task Download_ConnectionIsReset_GoesOnWithARange()
    {
        await using var scene = await StorageScene.StartAsync();
        var content = await scene.PutAsync(Name, Bytes);
        scene.Server.Faults.Add(Download, Fault.Reset(300_000), times: 1);

        await scene.AssertDownloadsAsync(Name, content);

        var requests = scene.Server.Requests.Where(Download).ToList();
        Assert.Equal(2, requests.Count);
        Assert.Null(requests[0].Header("range"));
        Assert.Matches("^bytes=[0-9]+-$", requests[1].Header("range"));
    }

    [Fact]
    public async Task Download_ConnectionIsResetAgainAndAgain_IsReported()
    {
        await using var scene = await StorageScene.StartAsync();
        var content = await scene.PutAsync(Name, Bytes);
        scene.Server.Faults.Add(Download, Fault.Reset(10));

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => scene.AssertDownloadsAsync(Name, content));

        Assert.Equal((ObjectStoreError.Unavailable, true), (exception.Error, exception.IsTransient));
    }

    [Fact]
    public async Task Download_TransferStandsStill_IsCutAndGoesOn()
    {
        await using var scene = await StorageScene.StartAsync(configure: options => options.ProgressTimeout = Short);
        var content = await scene.PutAsync(Name, Bytes);
        scene.Server.Faults.Add(Download, Fault.Stall(300_000), times: 1);

        await scene.AssertDownloadsAsync(Name, content);
    }

    [Fact]
    public async Task Download_TransferStandsStillForEver_IsReported()
    {
        await using var scene = await StorageScene.StartAsync(configure: options => options.ProgressTimeout = Short);
        var content = await scene.PutAsync(Name, Bytes);
        scene.Server.Faults.Add(Download, Fault.Stall(10));

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => scene.AssertDownloadsAsync(Name, content, maxResumes: 1));

        Assert.Contains("no byte moved for 0.5 s", exception.Message, StringComparison.Ordinal);
        Assert.True(exception.IsTransient);
    }

    [Fact]
    public async Task Download_TransferTrickles_IsCutAndGoesOn()
    {
        await using var scene = await StorageScene.StartAsync(configure: Impatient);
        var content = await scene.PutAsync(Name, Bytes);
        scene.Server.Faults.Add(Download, Fault.Trickle(1, TimeSpan.FromMilliseconds(5)), times: 1);

        await scene.AssertDownloadsAsync(Name, content);

        Assert.Equal(2, scene.Server.Requests.Count(Download));
    }

    [Fact]
    public async Task Download_TransferTricklesForEver_IsReported()
    {
        await using var scene = await StorageScene.StartAsync(configure: Impatient);
        var content = await scene.PutAsync(Name, Bytes);
        scene.Server.Faults.Add(Download, Fault.Trickle(1, TimeSpan.FromMilliseconds(5)));

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => scene.AssertDownloadsAsync(Name, content, maxResumes: 1));

        Assert.Contains("broke off", exception.Message, StringComparison.Ordinal);
        Assert.True(exception.IsTransient);
    }

    [Fact]
    public async Task Download_NoAnswerAtAll_IsTriedAgainAndThenReported()
    {
        await using var scene = await StorageScene.StartAsync(configure: options =>
        {
            options.AttemptTimeout = TimeSpan.FromSeconds(1);
            options.MaxRetries = 1;
            options.UseGatewayPath = false;
        });
        var content = await scene.PutAsync(Name, Bytes);
        scene.Server.Faults.Add(Download, Fault.Silence, times: 2);

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => scene.AssertDownloadsAsync(Name, content));

        Assert.Contains("nothing came within 1 s", exception.Message, StringComparison.Ordinal);
        await scene.AssertDownloadsAsync(Name, content);
    }

    [Fact]
    public async Task Download_AnotherVersionOnResume_IsReportedAndNotMixed()
    {
        await using var scene = await StorageScene.StartAsync();
        var content = await scene.PutAsync(Name, Bytes);
        scene.Server.Faults
            .Add(Download, Fault.Reset(300_000), times: 1)
            .Add(Download, Fault.Run(() => scene.Server.State.PutAsync(new NewObject(StorageScene.Bucket, Name, StoredContent.Generated(99, Bytes)))), first: 2, times: 1);

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => scene.AssertDownloadsAsync(Name, content));

        Assert.Equal(ObjectStoreError.Changed, exception.Error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Download_ShorterOnResumeThanWhatIsRead_IsReported(bool hasS3Backend)
    {
        await using var scene = await StorageScene.StartAsync(new StorageServerOptions { HasS3Backend = hasS3Backend });
        var content = await scene.PutAsync(Name, Bytes);
        scene.Server.Faults
            .Add(Download, Fault.Reset(300_000), times: 1)
            .Add(Download, Fault.Run(() => scene.Server.State.PutAsync(StorageScene.Bucket, Name, "short")), first: 2, times: 1);

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => scene.AssertDownloadsAsync(Name, content));

        // S3 has no word of its own for a range that is not there: its backend answers as one that failed.
        Assert.Equal(hasS3Backend ? ObjectStoreError.Unavailable : ObjectStoreError.Changed, exception.Error);
    }

    [Fact]
    public async Task Download_WrongETagOnResume_IsReported()
    {
        await using var scene = await StorageScene.StartAsync();
        var content = await scene.PutAsync(Name, Bytes);
        scene.Server.Faults
            .Add(Download, Fault.Reset(300_000), times: 1)
            .Add(Download, Fault.ETag("\"0123\""), first: 2);

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => scene.AssertDownloadsAsync(Name, content));

        Assert.Equal(ObjectStoreError.Changed, exception.Error);
        Assert.Contains("\"0123\"", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Download_KeyExpiresInMidRun_IsReportedAtOnce()
    {
        await using var scene = await StorageScene.StartAsync();
        var content = await scene.PutAsync(Name, Bytes);
        scene.Server.Faults
            .Add(Download, Fault.Reset(300_000), times: 1)
            .Add(Download, Fault.ExpiredToken, first: 2);

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => scene.AssertDownloadsAsync(Name, content));

        Assert.Equal((ObjectStoreError.AccessDenied, 403, false), (exception.Error, exception.Status, exception.IsTransient));
        Assert.Contains("expired", exception.Hint, StringComparison.Ordinal);
        Assert.Equal(2, scene.Server.Requests.Count(Download));
    }

    [Fact]
    public async Task Download_MoreBytesAnnouncedThanCome_IsReported()
    {
        await using var scene = await StorageScene.StartAsync();
        var content = await scene.PutAsync(Name, Bytes);
        scene.Server.Faults.Add(Download, Fault.Longer(10));

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => scene.AssertDownloadsAsync(Name, content));

        Assert.NotEqual(ObjectStoreError.ObjectNotFound, exception.Error);
    }

    [Fact]
    public async Task Open_FewerBytesAnnouncedThanThereAre_GivesASizeThatTheListingContradicts()
    {
        await using var scene = await StorageScene.StartAsync();
        await scene.PutAsync(Name, Bytes);
        scene.Server.Faults.Add(Download, Fault.Shorter(10));

        await using var content = await scene.Store.OpenReadAsync(StorageScene.Bucket, Name);

        Assert.Equal(Bytes - 10, content.TotalBytes);
        Assert.Equal(Bytes, (await scene.ListAsync())[0].Bytes);
    }

    private static void Impatient(SupabaseStorageOptions options)
    {
        options.ProgressTimeout = Short;
        options.MinBytesPerSecond = 10_000;
    }
}
