using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Backup.TestKit.Storage;
using Microsoft.AspNetCore.Http;

namespace Backup.Core.Tests.ObjectStores.SupabaseStorage;

public sealed class StorageListingTests
{
    private static readonly StorageServerOptions WithoutCursors = new() { HasListV2 = false };

    // The names that the recordings lost, or looped over.
    private static readonly string[] HardNames =
    [
        "report", "report-1.txt", "report.txt", "thing", "thing/inner.txt", "thing.txt", "thing0", "x//y.txt", "x/z.txt", "/lead.txt",
        "folder-like/", "a.txt", "B.txt", "b.txt", "dbl///deep.txt", "é.txt", "日本/報告.pdf", "😀.png", "\uffee.txt", "line\nbreak", "100%",
    ];

    [Theory]
    [InlineData(true, 1000)]
    [InlineData(true, 3)]
    [InlineData(false, 1000)]
    [InlineData(false, 3)]
    public async Task List_HardNames_AreAllThereInOrderAndOnce(bool hasCursors, int pageSize)
    {
        await using var scene = await StartAsync(hasCursors, pageSize);
        await scene.Server.State.PutManyAsync(HardNames.Select(name => new NewObject(StorageScene.Bucket, name, StoredContent.Of("x"))));

        var listed = await scene.ListAsync();

        Assert.Equal(HardNames.Order(Backup.Core.ObjectStores.Utf8Order.Instance), listed.Select(item => item.Name));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task List_Prefix_IsThatOfTheNameAndCountsCase(bool hasCursors)
    {
        await using var scene = await StartAsync(hasCursors, 1000);
        foreach (var name in new[] { "docs/a/1", "docs/b", "docs2/x", "Docs.txt", "do", "docs" })
        {
            await scene.Server.State.PutAsync(StorageScene.Bucket, name, "x");
        }

        Assert.Equal(["docs", "docs/a/1", "docs/b", "docs2/x"], (await scene.ListAsync("docs")).Select(item => item.Name));
        Assert.Equal(["docs/a/1", "docs/b"], (await scene.ListAsync("docs/")).Select(item => item.Name));
        Assert.Equal(["docs/a/1"], (await scene.ListAsync("docs/a")).Select(item => item.Name));
        Assert.Empty(await scene.ListAsync("DOCS/"));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(1000)]
    public async Task ListWithoutCursors_FolderOfManyFilesThatHideOthers_LosesNone(int pageSize)
    {
        await using var scene = await StartAsync(hasCursors: false, pageSize);

        // Each name begins the next two, so that any border of a batch hides some.
        var names = Enumerable.Range(0, 1100).SelectMany(number => new[] { $"n{number:0000}", $"n{number:0000}-1", $"n{number:0000}.txt" }).ToList();
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        await scene.Server.State.PutManyAsync(names.Select(name => new NewObject(StorageScene.Bucket, "f/" + name, StoredContent.Empty) { CreatedAt = now }));

        Assert.Equal(names.Select(name => "f/" + name).Order(StringComparer.Ordinal), (await scene.ListAsync()).Select(item => item.Name));
    }

    [Fact]
    public async Task ListWithoutCursors_FoldersThatDifferInCase_IsAnErrorThatNamesThem()
    {
        await using var scene = await StartAsync(hasCursors: false, 1000);
        await scene.Server.State.PutAsync(StorageScene.Bucket, "Photos/a.txt", "1");
        await scene.Server.State.PutAsync(StorageScene.Bucket, "photos/a.txt", "2");
        await scene.Server.State.PutAsync(StorageScene.Bucket, "other/a.txt", "3");

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => scene.ListAsync());

        Assert.Contains("hotos/", exception.Message, StringComparison.Ordinal);
        Assert.Contains("database", exception.Hint, StringComparison.Ordinal);
        Assert.Equal(["other/a.txt"], (await scene.ListAsync("other/")).Select(item => item.Name));
    }

    [Fact]
    public async Task ListWithoutCursors_ObjectsComeAndGoBetweenThePages_LosesNoneThatStayed()
    {
        await using var scene = await StartAsync(hasCursors: false, 5);
        await scene.Server.State.PutManyAsync(
            Enumerable.Range(10, 40).Select(number => new NewObject(StorageScene.Bucket, $"s{number}", StoredContent.Empty)));
        scene.Server.Faults.Add(StorageCall.IsListing, Fault.Run(() => scene.Server.State.DeleteAsync(StorageScene.Bucket, "s11")), first: 13, times: 1);
        scene.Server.Faults.Add(StorageCall.IsListing, Fault.Run(() => scene.Server.State.PutAsync(StorageScene.Bucket, "s105", "x")), first: 16, times: 1);

        var names = (await scene.ListAsync()).Select(item => item.Name).ToList();

        Assert.Equal(Enumerable.Range(10, 40).Select(number => $"s{number}").Except(["s11"]).Append("s105").Order(StringComparer.Ordinal), names);
    }

    [Fact]
    public async Task ListWithoutCursors_BucketCalledLikeTheListing_IsNotWrittenTo()
    {
        await using var scene = await StartAsync(hasCursors: false, 1000);
        await scene.Server.State.CreateBucketAsync("list-v2");
        await scene.Server.State.PutAsync(StorageScene.Bucket, "a", "x");

        Assert.Single(await scene.ListAsync());
        Assert.Empty(scene.Server.State.Objects("list-v2"));
        Assert.DoesNotContain(scene.Server.Requests, request => StorageCall.IsUpload(request));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task List_EmptyBucket_IsEmptyAndAMissingOneAnError(bool hasCursors)
    {
        await using var scene = await StartAsync(hasCursors, 1000);

        Assert.Empty(await scene.ListAsync());
        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => scene.ListAsync(bucket: "nope"));
        Assert.Equal((ObjectStoreError.BucketNotFound, 404, "NoSuchBucket"), (exception.Error, exception.Status, exception.Code));
        Assert.Contains("'nope'", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task List_BucketVanishesMeanwhile_IsAnError(bool hasCursors)
    {
        await using var scene = await StartAsync(hasCursors, 2);
        await scene.Server.State.PutAsync(StorageScene.Bucket, "a", "x");
        _ = await scene.ListAsync();
        scene.Server.Faults.Add(
            StorageCall.IsListing,
            Fault.Run(async () =>
            {
                await scene.Server.State.DeleteAsync(StorageScene.Bucket, "a");
                await scene.Server.State.DeleteBucketAsync(StorageScene.Bucket);
            }));

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => scene.ListAsync());

        Assert.Equal(ObjectStoreError.BucketNotFound, exception.Error);
    }

    [Fact]
    public async Task List_PageFailsInMidBody_IsAskedForAgain()
    {
        await using var scene = await StartAsync(hasCursors: true, 100);
        await scene.Server.State.PutManyAsync(
            Enumerable.Range(1000, 450).Select(number => new NewObject(StorageScene.Bucket, $"{number}", StoredContent.Empty)));
        scene.Server.Faults
            .Add(StorageCall.IsListing, Fault.Status(429), first: 2, times: 1)
            .Add(StorageCall.IsListing, Fault.Close, first: 4, times: 1)
            .Add(StorageCall.IsListing, Fault.Status(544), first: 6, times: 1)
            .Add(StorageCall.IsListing, Fault.Status(500), first: 8, times: 2);

        Assert.Equal(450, (await scene.ListAsync()).Count);
    }

    [Fact]
    public async Task List_ObjectWithoutMetadata_IsListedWithWhatIsKnown()
    {
        await using var scene = await StartAsync(hasCursors: true, 100);
        await scene.Server.State.PutAsync(new NewObject(StorageScene.Bucket, "bare", null) { IsBareRow = true });
        await scene.Server.State.PutAsync(new NewObject(StorageScene.Bucket, "full", StoredContent.Of("hello")) { ContentType = "text/html", CacheControl = "max-age=60" });

        var listed = await scene.ListAsync();

        Assert.Null(listed[0].Bytes);
        Assert.Null(listed[0].ETag);
        Assert.Equal(
            ((long?)5, "text/html", "max-age=60", StoredContent.Of("hello").ETag),
            (listed[1].Bytes, listed[1].ContentType, listed[1].CacheControl, listed[1].ETag));
        Assert.NotNull(listed[1].Id);
    }

    [Theory]
    [InlineData("\"text\"")]
    [InlineData("[1]")]
    [InlineData("""{"size":"5","mimetype":7,"eTag":null,"cacheControl":{}}""")]
    [InlineData("""{"size":1.5}""")]
    [InlineData("""{"size":-5}""")]
    public async Task List_RowOfOddMetadata_IsListedWithWhatIsKnown(string metadata)
    {
        await using var server = await ServeListingAsync(
            """{"hasNext":false,"objects":[{"name":"a","id":"1","metadata":""" + metadata
            + """},{"name":"b","id":"2","metadata":{"size":3,"eTag":"\"x\""}}]}""");
        using var store = new Backup.Core.ObjectStores.SupabaseStorage.SupabaseStorageStore(
            new() { Url = server.Address, Key = "sb_secret_x", UseGatewayPath = false });

        var listed = new List<StoredObject>();
        await foreach (var item in store.ListObjectsAsync("photos"))
        {
            listed.Add(item);
        }

        Assert.Equal([("a", null, null), ("b", (long?)3, "\"x\"")], listed.Select(item => (item.Name, item.Bytes, item.ETag)));
    }

    [Theory]
    [InlineData("""{"hasNext":true,"folders":[],"objects":[]}""")]
    [InlineData("""{"hasNext":true,"nextCursor":"x","folders":[],"objects":[]}""")]
    [InlineData("""{"hasNext":true,"folders":[],"objects":[{"name":"a","id":"1"}]}""")]
    [InlineData("""{"hasNext":true,"nextCursor":"x","objects":[{"name":"a","id":"1"}]}""")]
    [InlineData("""{"hasNext":false,"objects":[{"name":"b","id":"1"},{"name":"a","id":"2"}]}""")]
    [InlineData("""{"hasNext":false,"objects":[{"name":"a","id":"1"},{"name":"a","id":"2"}]}""")]
    [InlineData("""{"objects":""")]
    [InlineData("""{"hasNext":false,"objects":null}""")]
    [InlineData("""{"hasNext":false,"objects":[{"name":null,"id":"1"}]}""")]
    [InlineData("""{"hasNext":false,"objects":[{"id":"1"}]}""")]
    [InlineData("""{"hasNext":false,"objects":[null]}""")]
    [InlineData("""<html></html>""")]
    public async Task List_AnswerThatDoesNotGoOn_IsAnErrorAndNoLoop(string page)
    {
        await using var server = await ServeListingAsync(page);
        using var store = new Backup.Core.ObjectStores.SupabaseStorage.SupabaseStorageStore(
            new() { Url = server.Address, Key = "sb_secret_x", UseGatewayPath = false });

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(async () =>
        {
            await foreach (var item in store.ListObjectsAsync("photos"))
            {
                Assert.Equal(item.Name[..1], item.Name);
            }
        });

        Assert.False(exception.IsTransient);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public async Task ListWithoutCursors_ServerShowsFoldersForEver_Ends()
    {
        var folder = new string('f', 200);
        await using var server = await ScriptedServer.StartAsync(async (context, _) =>
        {
            var isListing = context.Request.Path.StartsWithSegments("/object/list", StringComparison.Ordinal);
            var isBucket = context.Request.Path.Value == "/bucket/photos";
            context.Response.StatusCode = isListing || isBucket ? 200 : 404;
            await context.Response.WriteAsync(
                isListing ? $$"""[{"name":"{{folder}}","id":null}]"""
                : isBucket ? """{"id":"photos","name":"photos"}"""
                : """{"statusCode":"404","error":"Bucket not found","message":"Bucket not found","code":"NoSuchBucket"}""");
        });
        using var store = new Backup.Core.ObjectStores.SupabaseStorage.SupabaseStorageStore(
            new() { Url = server.Address, Key = "sb_secret_x", UseGatewayPath = false });

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(async () =>
        {
            await foreach (var item in store.ListObjectsAsync("photos"))
            {
                Assert.Null(item);
            }
        });

        Assert.Contains("have no end", exception.Message, StringComparison.Ordinal);
    }

    private static Task<ScriptedServer> ServeListingAsync(string page) => ScriptedServer.StartAsync(async (context, _) =>
    {
        var isBucket = context.Request.Method == "GET";
        context.Response.StatusCode = context.Request.Path.Value!.EndsWith("/bucket/list-v2", StringComparison.Ordinal) ? 404 : 200;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(context.Response.StatusCode == 404
            ? """{"statusCode":"404","error":"Bucket not found","message":"Bucket not found","code":"NoSuchBucket"}"""
            : isBucket ? """{"id":"photos","name":"photos"}""" : page);
    });

    private static Task<StorageScene> StartAsync(bool hasCursors, int pageSize) =>
        StorageScene.StartAsync(hasCursors ? null : WithoutCursors, options => options.ListPageSize = pageSize);
}
