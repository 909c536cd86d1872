using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Backup.TestKit.Storage;

namespace Backup.Core.Tests.ObjectStores.SupabaseStorage;

public sealed class StorageUploadTests
{
    private const int Bytes = 1_500_000;

    private static readonly StoredContent Content = StoredContent.Generated(5, Bytes);

    [Theory]
    [InlineData("max-age=3600")]
    [InlineData("3600")]
    [InlineData("public, max-age=60,immutable")]
    [InlineData("no-cache")]
    public async Task Put_Properties_AreStoredAsTheyWereAtTheSource(string cacheControl)
    {
        await using var scene = await StorageScene.StartAsync();
        const string Metadata = """{"ü":"ñ","n":5,"nested":{"a":[1,2]}}""";

        await scene.Store.PutAsync(Upload("a") with { ContentType = "Text/Plain;charset=UTF-8", CacheControl = cacheControl, UserMetadata = Metadata });

        var row = scene.Server.State.Find(StorageScene.Bucket, "a")!;
        Assert.Equal((Content.ETag, "Text/Plain;charset=UTF-8", cacheControl), (row.Metadata!.ETag, row.Metadata.MimeType, row.Metadata.CacheControl));
        Assert.Equal("ñ", System.Text.Json.Nodes.JsonNode.Parse(row.UserMetadata!)!["ü"]!.GetValue<string>());
        Assert.Equal(row.UserMetadata!.Length > 0, (await scene.Store.FindObjectAsync(StorageScene.Bucket, "a"))!.UserMetadata is not null);
    }

    [Fact]
    public async Task Put_NothingGiven_StoresTheServersDefaults()
    {
        await using var scene = await StorageScene.StartAsync();

        await scene.Store.PutAsync(Upload("a", StoredContent.Empty));

        var row = scene.Server.State.Find(StorageScene.Bucket, "a")!;
        Assert.Equal((0, "application/octet-stream", "no-cache"), (row.Metadata!.Size, row.Metadata.MimeType, row.Metadata.CacheControl));
        Assert.Null((await scene.Store.FindObjectAsync(StorageScene.Bucket, "a"))!.UserMetadata);
    }

    [Fact]
    public async Task Put_ObjectIsThere_IsReplacedOnlyWhenAllowed()
    {
        await using var scene = await StorageScene.StartAsync();
        await scene.Server.State.PutAsync(StorageScene.Bucket, "a", "old");

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => scene.Store.PutAsync(Upload("a")).AsTask());
        Assert.Equal((ObjectStoreError.AlreadyExists, 409), (exception.Error, exception.Status));
        Assert.Equal(3, scene.Server.State.Find(StorageScene.Bucket, "a")!.Metadata!.Size);

        await scene.Store.PutAsync(Upload("a") with { Overwrite = true });
        Assert.Equal(Bytes, scene.Server.State.Find(StorageScene.Bucket, "a")!.Metadata!.Size);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(544)]
    public async Task Put_ServerIsBusyForAWhile_OpensTheContentAnew(int status)
    {
        await using var scene = await StorageScene.StartAsync();
        scene.Server.Faults.Add(StorageCall.IsUpload, Fault.Status(status), times: 1).Add(StorageCall.IsUpload, Fault.Close, first: 2, times: 1);
        var opened = 0;

        await scene.Store.PutAsync(Upload("a") with
        {
            OpenContent = _ =>
            {
                opened++;
                return ValueTask.FromResult(Content.OpenRead());
            },
        });

        Assert.Equal(3, opened);
        Assert.Equal(Content.ETag, scene.Server.State.Find(StorageScene.Bucket, "a")!.Metadata!.ETag);
    }

    [Fact]
    public async Task Put_AnswerWasLost_IsNotTakenForSomeoneElsesObject()
    {
        await using var scene = await StorageScene.StartAsync();
        scene.Server.Faults
            .Add(StorageCall.IsUpload, Fault.Run(() => scene.Server.State.PutAsync(new NewObject(StorageScene.Bucket, "a", Content))), times: 1)
            .Add(StorageCall.IsUpload, Fault.Close, times: 1);

        await scene.Store.PutAsync(Upload("a"));

        Assert.Equal(2, scene.Server.Requests.Count(StorageCall.IsUpload));
    }

    [Fact]
    public async Task Put_AnotherObjectTurnsUpMeanwhile_IsReported()
    {
        await using var scene = await StorageScene.StartAsync();
        scene.Server.Faults
            .Add(StorageCall.IsUpload, Fault.Run(() => scene.Server.State.PutAsync(StorageScene.Bucket, "a", "another")), times: 1)
            .Add(StorageCall.IsUpload, Fault.Close, times: 1);

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => scene.Store.PutAsync(Upload("a")).AsTask());

        Assert.Equal(ObjectStoreError.AlreadyExists, exception.Error);
    }

    [Fact]
    public async Task Put_NoAnswer_IsCutAndReported()
    {
        await using var scene = await StorageScene.StartAsync(configure: options =>
        {
            options.AttemptTimeout = TimeSpan.FromMilliseconds(200);
            options.ProgressTimeout = TimeSpan.FromMilliseconds(200);
            options.MaxRetries = 1;
            options.UseGatewayPath = false;
        });
        scene.Server.Faults.Add(StorageCall.IsUpload, Fault.Silence);

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => scene.Store.PutAsync(Upload("a")).AsTask());

        Assert.Equal((ObjectStoreError.Unavailable, true), (exception.Error, exception.IsTransient));
        Assert.Contains("no byte moved for", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task Put_OtherLengthThanAnnounced_IsTheSourcesFaultAndNotTriedAgain(int difference)
    {
        await using var scene = await StorageScene.StartAsync();

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => scene.Store.PutAsync(Upload("a") with { Bytes = Bytes + difference }).AsTask());

        Assert.False(exception.IsTransient);
        Assert.Contains("were announced", exception.Message, StringComparison.Ordinal);
        Assert.Equal(1, scene.Server.Requests.Count(StorageCall.IsUpload));
        Assert.Null(scene.Server.State.Find(StorageScene.Bucket, "a"));
    }

    [Fact]
    public async Task Put_SourceCannotBeRead_IsItsFaultAndNotTriedAgain()
    {
        await using var scene = await StorageScene.StartAsync();
        var upload = Upload("a") with { OpenContent = _ => ValueTask.FromResult<Stream>(new UnreadableStream()) };

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => scene.Store.PutAsync(upload).AsTask());

        Assert.Contains("cannot be read (the disk is gone)", exception.Message, StringComparison.Ordinal);
        Assert.Equal(1, scene.Server.Requests.Count(StorageCall.IsUpload));
    }

    [Fact]
    public async Task Put_TooLargeForTheBucket_IsRefusedWithTheServersWord()
    {
        await using var scene = await StorageScene.StartAsync();
        await scene.Store.CreateBucketAsync(new BucketInfo { Id = "small", Name = "small", FileSizeLimitBytes = 10, AllowedMediaTypes = ["image/png"] });

        var tooLarge = await Assert.ThrowsAsync<ObjectStoreException>(() => scene.Store.PutAsync(Upload("a") with { Bucket = "small", ContentType = "image/png" }).AsTask());
        var wrongType = await Assert.ThrowsAsync<ObjectStoreException>(
            () => scene.Store.PutAsync(Upload("a", StoredContent.Empty) with { Bucket = "small", ContentType = "text/plain" }).AsTask());

        Assert.Equal((ObjectStoreError.TooLarge, 413), (tooLarge.Error, tooLarge.Status));
        Assert.Equal((ObjectStoreError.InvalidMediaType, 415), (wrongType.Error, wrongType.Status));
    }

    [Fact]
    public async Task Put_MissingBucketOrRefusedName_IsReported()
    {
        await using var scene = await StorageScene.StartAsync();

        var bucket = await Assert.ThrowsAsync<ObjectStoreException>(() => scene.Store.PutAsync(Upload("a") with { Bucket = "nope" }).AsTask());
        var name = await Assert.ThrowsAsync<ObjectStoreException>(() => scene.Store.PutAsync(Upload("a[1].txt")).AsTask());

        Assert.Equal((ObjectStoreError.BucketNotFound, ObjectStoreError.InvalidName), (bucket.Error, name.Error));
    }

    [Fact]
    public async Task Put_MetadataJustWithinTheLimit_IsTaken()
    {
        await using var scene = await StorageScene.StartAsync();

        await scene.Store.PutAsync(Upload("a", StoredContent.Empty) with { UserMetadata = $$"""{"k":"{{new string('v', 9 * 1024)}}"}""" });

        Assert.NotNull(scene.Server.State.Find(StorageScene.Bucket, "a"));
    }

    [Fact]
    public async Task CreateBucket_Settings_AreKept()
    {
        await using var scene = await StorageScene.StartAsync();
        var bucket = new BucketInfo { Id = "the-id", Name = "the-name", IsPublic = true, FileSizeLimitBytes = 1024, AllowedMediaTypes = ["image/png", "text/*"] };

        await scene.Store.CreateBucketAsync(bucket);
        await scene.Store.CreateBucketAsync(new BucketInfo { Id = "plain", Name = "plain" });

        var listed = new List<BucketInfo>();
        await foreach (var found in scene.Store.ListBucketsAsync())
        {
            listed.Add(found);
        }

        Assert.Equal([StorageScene.Bucket, "plain", "the-id"], listed.Select(found => found.Id).Order(StringComparer.Ordinal));
        var kept = listed.Single(found => found.Id == "the-id");
        Assert.Equal(("the-name", true, (long?)1024), (kept.Name, kept.IsPublic, kept.FileSizeLimitBytes));
        Assert.Equal(bucket.AllowedMediaTypes, kept.AllowedMediaTypes);
        Assert.Null(kept.OwnerId);
        Assert.Null(listed.Single(found => found.Id == "plain").AllowedMediaTypes);
    }

    [Fact]
    public async Task CreateBucket_AnswerWasLost_IsDone()
    {
        await using var scene = await StorageScene.StartAsync();
        var creations = (StorageRequest request) => request is { Method: "POST", Path: "/bucket" };
        scene.Server.Faults
            .Add(creations, Fault.Run(() => scene.Server.State.CreateBucketAsync("new", isPublic: true)), times: 1)
            .Add(creations, Fault.Close, times: 1);

        await scene.Store.CreateBucketAsync(new BucketInfo { Id = "new", Name = "new", IsPublic = true });
        var exception = await Assert.ThrowsAsync<ObjectStoreException>(
            () => scene.Store.CreateBucketAsync(new BucketInfo { Id = "new", Name = "new", IsPublic = true }).AsTask());

        Assert.Equal(ObjectStoreError.AlreadyExists, exception.Error);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData(" lead")]
    [InlineData("bücket")]
    public async Task CreateBucket_NameThatTheServerRefuses_IsReported(string id)
    {
        await using var scene = await StorageScene.StartAsync();

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => scene.Store.CreateBucketAsync(new BucketInfo { Id = id, Name = id }).AsTask());

        Assert.Equal(ObjectStoreError.InvalidName, exception.Error);
    }

    private static ObjectUpload Upload(string name, StoredContent? content = null) => new()
    {
        Bucket = StorageScene.Bucket,
        Name = name,
        Bytes = (content ?? Content).Length,
        OpenContent = _ => ValueTask.FromResult((content ?? Content).OpenRead()),
    };

    private sealed class UnreadableStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("the disk is gone");
    }
}
