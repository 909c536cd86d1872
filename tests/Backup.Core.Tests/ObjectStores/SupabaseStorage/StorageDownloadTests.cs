using System.Collections.Concurrent;
using System.Globalization;
using Backup.Core.Errors;
using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.TestKit.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Backup.Core.Tests.ObjectStores.SupabaseStorage;

/// <summary>Downloads of all sizes, names and shapes of answers.</summary>
public sealed class StorageDownloadTests
{
    private const int Bytes = 1_000_000;
    private const string Name = "a b/c+d.bin";

    private static readonly Func<StorageRequest, bool> Download = StorageCall.Download(StorageScene.Bucket, Name);

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
}
