using System.Collections.Concurrent;
using System.Globalization;
using Backup.Core.Errors;
using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.TestKit.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Backup.Core.Tests.ObjectStores.SupabaseStorage;

/// <summary>Downloads while the server does what servers do: recovered with the right bytes, or reported, and never for ever.</summary>
public sealed class StorageDownloadTests
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

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Bytes)]
    public async Task Download_AnySize_AsksForNoRangeThatIsNotThere(int bytes)
    {
        await using var scene = await StorageScene.StartAsync(new StorageServerOptions { HasS3Backend = true });
        var content = await scene.PutAsync(Name, bytes);

        await scene.AssertDownloadsAsync(Name, content);

        Assert.Null(Assert.Single(scene.Server.Requests, request => Download(request)).Header("range"));
    }

    [Theory]
    [InlineData("seg/../up.txt")]
    [InlineData("./x")]
    [InlineData("x//y")]
    [InlineData("/lead")]
    [InlineData("trail/")]
    [InlineData("it's (1)!*$=@;:,&?+.txt")]
    public async Task Download_HardName_ReachesTheServerAsItIs(string name)
    {
        await using var scene = await StorageScene.StartAsync(new StorageServerOptions { HasS3Backend = true });
        var content = await scene.PutAsync(name, 100);
        await scene.PutAsync("up.txt", 7);
        await scene.PutAsync("x", 8);
        await scene.PutAsync("x/y", 9);

        await scene.AssertDownloadsAsync(name, content);

        Assert.Equal(100, (await scene.Store.FindObjectAsync(StorageScene.Bucket, name))!.Bytes);
    }

    [Theory]
    [InlineData("a~b.txt")]
    [InlineData("tëst.txt")]
    [InlineData("line\nbreak")]
    public async Task Download_NameThatTheServerRefuses_IsListedAndReported(string name)
    {
        await using var scene = await StorageScene.StartAsync();
        await scene.PutAsync(name, 100);

        Assert.Equal(name, Assert.Single(await scene.ListAsync()).Name);
        foreach (var call in new Func<Task>[]
        {
            async () => await scene.Store.OpenReadAsync(StorageScene.Bucket, name),
            async () => await scene.Store.FindObjectAsync(StorageScene.Bucket, name),
        })
        {
            var exception = await Assert.ThrowsAsync<ObjectStoreException>(call);
            Assert.Equal((ObjectStoreError.InvalidName, "InvalidKey"), (exception.Error, exception.Code));
            Assert.DoesNotContain('\n', exception.Message);
        }
    }

    [Theory]
    [InlineData(false, ObjectStoreError.Unavailable)]
    [InlineData(true, ObjectStoreError.ObjectNotFound)]
    public async Task Download_BytesAreGone_IsReported(bool hasS3Backend, ObjectStoreError error)
    {
        await using var scene = await StorageScene.StartAsync(new StorageServerOptions { HasS3Backend = hasS3Backend });
        var content = await scene.PutAsync(Name, 100);
        await scene.Server.State.LoseContentAsync(StorageScene.Bucket, Name);

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => scene.AssertDownloadsAsync(Name, content));

        Assert.Equal(error, exception.Error);
    }

    [Fact]
    public async Task Find_ObjectWithAllProperties_GivesWhatTheServerKeeps()
    {
        await using var scene = await StorageScene.StartAsync();
        var row = await scene.Server.State.PutAsync(new NewObject(StorageScene.Bucket, "page.html", StoredContent.Of("<b>"))
        {
            ContentType = "text/html; charset=utf-8",
            CacheControl = "max-age=3600",
            UserMetadata = """{"ü":"ñ","n":5,"nested":{"a":[1,2]}}""",
        });

        var found = (await scene.Store.FindObjectAsync(StorageScene.Bucket, "page.html"))!;

        Assert.Equal("text/html; charset=utf-8", found.ContentType);
        Assert.Equal("max-age=3600", found.CacheControl);
        Assert.Equal(row.Id.ToString(), found.Id);
        Assert.Equal($"{row.Version}", found.Version);
        Assert.Equal(row.Metadata!.ETag, found.ETag);
        Assert.Equal(3, found.Bytes);
        using var metadata = System.Text.Json.JsonDocument.Parse(found.UserMetadata!);
        Assert.Equal("ñ", metadata.RootElement.GetProperty("ü").GetString());
    }

    [Fact]
    public async Task Find_ObjectWithoutMetadata_GivesNulls()
    {
        await using var scene = await StorageScene.StartAsync();
        await scene.Server.State.PutAsync(new NewObject(StorageScene.Bucket, "bare", null) { IsBareRow = true });
        await scene.Server.State.PutAsync(StorageScene.Bucket, "plain", "x");

        var bare = (await scene.Store.FindObjectAsync(StorageScene.Bucket, "bare"))!;

        Assert.Equal(default, (bare.Bytes, bare.ETag, bare.Version, bare.ContentType, bare.CacheControl, bare.UserMetadata));
        Assert.Null((await scene.Store.FindObjectAsync(StorageScene.Bucket, "plain"))!.UserMetadata);
        Assert.Null(await scene.Store.FindObjectAsync(StorageScene.Bucket, "none"));
    }

    [Theory]
    [InlineData(200, "bytes 5-9/10", 5, null)]
    [InlineData(206, "bytes 4-9/10", 6, null)]
    [InlineData(206, "bytes 5-8/10", 4, null)]
    [InlineData(206, "bytes 5-9/*", 5, null)]
    [InlineData(206, "bytes 5-9/10", 5, "gzip")]
    [InlineData(206, null, 5, null)]
    public async Task Open_AnswerOfOtherBytesThanAsked_IsRefused(int status, string? range, int length, string? encoding)
    {
        await using var server = await ScriptedServer.StartAsync(async (context, _) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.ContentRange = range;
            context.Response.Headers.ContentEncoding = encoding;
            context.Response.ContentLength = length;
            await context.Response.Body.WriteAsync(new byte[length]);
        });
        using var store = new SupabaseStorageStore(new SupabaseStorageOptions { Url = server.Address, Key = "sb_secret_x", UseGatewayPath = true });

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => store.OpenReadAsync("b", "n", 5).AsTask());

        Assert.Contains("which bytes", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, "{\"statusCode\":\"429\",\"error\":\"too_many\",\"message\":\"slow down\",\"code\":\"SlowDown\"}")]
    [InlineData(400, "{\"statusCode\":\"544\",\"error\":\"DatabaseTimeout\",\"message\":\"timed out\",\"code\":\"DatabaseTimeout\"}")]
    [InlineData(502, "<html>bad gateway</html>")]
    [InlineData(503, "")]
    public async Task Open_PassingErrorInAnyShape_IsTriedAgain(int status, string body)
    {
        await using var server = await ScriptedServer.StartAsync(async (context, number) =>
        {
            context.Response.StatusCode = number == 1 ? status : 200;
            context.Response.ContentLength = number == 1 ? null : 5;
            await context.Response.WriteAsync(number == 1 ? body : "hello");
        });
        using var store = new SupabaseStorageStore(new SupabaseStorageOptions
        {
            Url = server.Address,
            Key = "sb_secret_x",
            UseGatewayPath = true,
            RetryDelay = TimeSpan.FromMilliseconds(1),
        });

        await using var content = await store.OpenReadAsync("b", "n");

        Assert.Equal(2, server.Requests);
    }

    [Fact]
    public async Task Open_CacheBeforeTheServer_IsNeverAskedForWhatItMayHold()
    {
        var cache = new ConcurrentDictionary<string, string>();
        await using var server = await ScriptedServer.StartAsync(async (context, number) =>
        {
            var eTag = cache.GetOrAdd(context.Request.GetEncodedPathAndQuery(), $"\"v{number}\"");
            context.Response.Headers.ETag = eTag;
            context.Response.Headers.ContentEncoding = "identity";
            context.Response.ContentLength = 5;
            await context.Response.WriteAsync("hello");
        });
        using var store = new SupabaseStorageStore(new SupabaseStorageOptions { Url = server.Address, Key = "sb_secret_x", UseGatewayPath = true });

        await using var before = await store.OpenReadAsync("b", "n");
        await using var after = await store.OpenReadAsync("b", "n");

        Assert.Equal(("\"v1\"", "\"v2\""), (before.ETag, after.ETag));
    }

    [Theory]
    [InlineData(5, "\"v1\"", null)]
    [InlineData(6, "\"v1\"", "broke off")]
    [InlineData(4, "\"v1\"", "more than the 4 announced bytes")]
    [InlineData(5, "\"v2\"", "which bytes")]
    [InlineData(5, null, "which bytes")]
    public async Task Download_InChunksWithoutALength_TakesThatOfTheRowIfItIsOfTheseBytes(int bytes, string? eTag, string? reason)
    {
        await using var server = await ScriptedServer.StartAsync(async (context, _) =>
        {
            var isInfo = context.Request.Path.Value!.Contains("/info/", StringComparison.Ordinal);
            context.Response.Headers.ETag = isInfo ? null : eTag;
            await context.Response.WriteAsync(isInfo ? $$"""{"id":"1","size":{{bytes}},"etag":"\"v1\""}""" : "hello");
        });
        using var store = new SupabaseStorageStore(new SupabaseStorageOptions { Url = server.Address, Key = "sb_secret_x", UseGatewayPath = true });

        var failure = await Record.ExceptionAsync(async () =>
        {
            await using var content = await store.OpenReadAsync("b", "n");
            using var copy = new MemoryStream();
            await content.Content.CopyToAsync(copy);
            Assert.Equal("hello"u8.ToArray(), copy.ToArray());
        });

        Assert.Equal(reason is null, failure is null);
        Assert.Contains(reason ?? "", failure?.Message ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("W/\"abc\"", "\"abc\"")]
    [InlineData("unquoted", "unquoted")]
    [InlineData("\"abc-12\"", "\"abc-12\"")]
    [InlineData(null, null)]
    public async Task Open_ETagAsACdnMaySendIt_IsTheOneOfTheListing(string? sent, string? expected)
    {
        await using var server = await ScriptedServer.StartAsync(async (context, _) =>
        {
            context.Response.Headers.ETag = sent;
            context.Response.ContentLength = 5;
            await context.Response.WriteAsync("hello");
        });
        using var store = new SupabaseStorageStore(new SupabaseStorageOptions { Url = server.Address, Key = "sb_secret_x", UseGatewayPath = true });

        await using var content = await store.OpenReadAsync("b", "n");

        Assert.Equal(expected, content.ETag);
    }

    [Fact]
    public async Task Read_Cancelled_EndsWithTheCallersToken()
    {
        await using var scene = await StorageScene.StartAsync();
        await scene.PutAsync(Name, Bytes);
        scene.Server.Faults.Add(Download, Fault.Stall(0));
        await using var content = await scene.Store.OpenReadAsync(StorageScene.Bucket, Name);
        using var cancelled = new CancellationTokenSource();
        var reading = content.Content.ReadAsync(new byte[10], cancelled.Token);

        await cancelled.CancelAsync();

        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.AsTask());
        Assert.Equal(cancelled.Token, exception.CancellationToken);
    }

    [Fact]
    public async Task Download_ManyAtOnce_AreAllRight()
    {
        await using var scene = await StorageScene.StartAsync();
        var contents = new List<(string Name, StoredContent Content)>();
        for (var number = 1; number <= 40; number++)
        {
            var name = number.ToString(CultureInfo.InvariantCulture);
            contents.Add((name, await scene.PutAsync(name, number * 10_007)));
        }

        await Task.WhenAll(contents.Select(item => scene.AssertDownloadsAsync(item.Name, item.Content)));
    }

    private static void Impatient(SupabaseStorageOptions options)
    {
        options.ProgressTimeout = Short;
        options.MinBytesPerSecond = 10_000;
    }
}
