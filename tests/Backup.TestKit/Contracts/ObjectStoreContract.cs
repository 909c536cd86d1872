using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Backup.TestKit.Storage;
using Xunit;

namespace Backup.TestKit.Contracts;

/// <summary>What every <see cref="IObjectStore"/> promises. Each implementation has a test class that derives from this.</summary>
public abstract class ObjectStoreContract : ObjectUploadContract
{
    // The first hundred files of a folder end in one that others begin with: the old listing of Supabase Storage loses those.
    private static readonly string[] LongFolder =
        [.. Enumerable.Range(0, 99).Select(number => $"n{number:000}"), "report", "report-1.txt", "report.txt", "z1", "z2"];

    /// <summary>Names that the store must take, besides plain ones.</summary>
    protected virtual IReadOnlyList<string> HardNames { get; } =
    [
        "with space.txt", "plus+sign.txt", "a&b=c.txt", "it's (1)!.txt", "a$b@c;d,e.txt", ".dotfile", "...", "UPPER.txt", "Upper.txt",
        "docs/guide.md", "docs-2/x.txt", "docs.txt", "docs/a/b/c/d/e/f.txt", "docs/.emptyFolder", "dot./file.", "docs2/x.txt",
        $"{new string('s', 200)}/{new string('t', 200)}/u",
    ];

    [Fact]
    public void Capabilities_Always_NameThePlace()
    {
        Assert.NotEmpty(Store.Capabilities.Location);
        Assert.Equal(Store.Capabilities, Store.Capabilities);
    }

    [Fact]
    public async Task ListBuckets_None_IsEmpty() => Assert.Empty(await ToListAsync(Store.ListBucketsAsync()));

    [Fact]
    public async Task ListBuckets_Several_AreInOrdinalOrder()
    {
        string[] ids = ["b", "B", "a b", "a", "a-b", "A"];
        foreach (var id in ids)
        {
            await CreateBucketAsync(id);
        }

        Assert.Equal(ids.Order(StringComparer.Ordinal), (await ToListAsync(Store.ListBucketsAsync())).Select(bucket => bucket.Id));
    }

    [Fact]
    public async Task CreateBucket_WithSettings_KeepsThem()
    {
        var bucket = new BucketInfo
        {
            Id = Bucket,
            Name = Bucket,
            IsPublic = true,
            FileSizeLimitBytes = 4096,
            AllowedMediaTypes = ["image/*", "text/plain"],
        };
        await Store.CreateBucketAsync(bucket);

        var found = Assert.Single(await ToListAsync(Store.ListBucketsAsync()));
        Assert.Equal(bucket.Id, found.Id);
        if (Store.Capabilities.KeepsProperties)
        {
            Assert.True(found.IsPublic);
            Assert.Equal(bucket.FileSizeLimitBytes, found.FileSizeLimitBytes);
            Assert.Equal(bucket.AllowedMediaTypes, found.AllowedMediaTypes);
        }
    }

    [Fact]
    public async Task CreateBucket_ItExists_ThrowsAndKeepsItsObjects()
    {
        await CreateBucketAsync();
        await PutAsync(Name, Content);

        await AssertRefusedAsync(ObjectStoreError.AlreadyExists, () => CreateBucketAsync().AsTask());

        Assert.True(await HasContentAsync(Name, Content));
    }

    [Fact]
    public async Task AnyCall_MissingBucket_IsAnErrorThatNamesIt()
    {
        await CreateBucketAsync("another");

        await AssertRefusedAsync(ObjectStoreError.BucketNotFound, () => ListAsync(), Bucket);
        await AssertRefusedAsync(ObjectStoreError.BucketNotFound, async () => await Store.OpenReadAsync(Bucket, Name), Bucket);
        await AssertRefusedAsync(ObjectStoreError.BucketNotFound, async () => await Store.FindObjectAsync(Bucket, Name), Bucket);
        await AssertRefusedAsync(ObjectStoreError.BucketNotFound, () => PutAsync(Name, Content), Bucket);
    }

    [Fact]
    public async Task ListObjects_EmptyBucket_IsEmpty()
    {
        await CreateBucketAsync();

        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task ListObjects_HardNames_AreCompleteAndInTheOrderOfTheirBytes()
    {
        await CreateBucketAsync();
        string[] names = [.. HardNames, .. LongFolder.Select(name => "long/" + name)];
        await Parallel.ForEachAsync(names, async (name, _) => await PutAsync(name, StoredContent.Of(name)));

        foreach (var prefix in new[] { "", "d", "docs", "docs/", "DOCS", "docs/a/b/", "docs/guide.md", "long/report", "long/n09", "nothing" })
        {
            var expected = names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).OrderBy(Bytes, StringComparer.Ordinal);
            Assert.Equal(expected, (await ListAsync(prefix)).Select(item => item.Name));
        }

        foreach (var name in HardNames)
        {
            Assert.True(await HasContentAsync(name, StoredContent.Of(name)), name);
        }
    }

    [Fact]
    public async Task ListObjects_OneObject_TellsWhatADownloadWillShow()
    {
        await CreateBucketAsync();
        await PutAsync(Name, Content);

        var listed = Assert.Single(await ListAsync());
        await using var opened = await Store.OpenReadAsync(Bucket, Name);
        var found = await Store.FindObjectAsync(Bucket, Name);

        Assert.Equal((Bucket, Name), (listed.Bucket, listed.Name));
        Assert.Equal(Content.Length, listed.Bytes);
        Assert.Equal(Content.Length, opened.TotalBytes);
        Assert.Equal(listed.ETag, opened.ETag);
        Assert.Equal((Bucket, Name, listed.Bytes, listed.ETag), (found!.Bucket, found.Name, found.Bytes, found.ETag));
    }

    [Fact]
    public async Task FindAndOpen_NoSuchObject_TellSo()
    {
        await CreateBucketAsync();
        await PutAsync("a/b.txt", Content);

        Assert.Null(await Store.FindObjectAsync(Bucket, Name));
        Assert.Null(await Store.FindObjectAsync(Bucket, "a"));
        await AssertRefusedAsync(ObjectStoreError.ObjectNotFound, async () => await Store.OpenReadAsync(Bucket, Name), $"{Bucket}/{Name}");
        await AssertRefusedAsync(ObjectStoreError.ObjectNotFound, async () => await Store.OpenReadAsync(Bucket, "a"), $"{Bucket}/a");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50_001)]
    [InlineData(99_999)]
    public async Task OpenRead_AtAnOffset_GivesTheRest(int offset)
    {
        await CreateBucketAsync();
        await PutAsync(Name, Content);

        await using var opened = await Store.OpenReadAsync(Bucket, Name, offset);
        using var bytes = new MemoryStream();
        await opened.Content.CopyToAsync(bytes);

        var expected = new byte[Content.Length - offset];
        Content.Read(offset, expected);
        Assert.Equal(Content.Length, opened.TotalBytes);
        Assert.Equal(expected, bytes.ToArray());
    }

    [Fact]
    public async Task OpenRead_OffsetOutsideTheObject_Throws()
    {
        await CreateBucketAsync();
        await PutAsync(Name, Content);

        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Store.OpenReadAsync(Bucket, Name, -1));
        await Assert.ThrowsAsync<ObjectStoreException>(async () => await Store.OpenReadAsync(Bucket, Name, Content.Length));
        await Assert.ThrowsAsync<ObjectStoreException>(async () => await Store.OpenReadAsync(Bucket, Name, Content.Length + 1));
    }

    [Fact]
    public async Task OpenRead_ClosedHalfWay_LeavesTheStoreUsable()
    {
        await CreateBucketAsync();
        await PutAsync(Name, StoredContent.Generated(3, 5_000_000));

        for (var attempt = 0; attempt < 3; attempt++)
        {
            await using var opened = await Store.OpenReadAsync(Bucket, Name);
            await opened.Content.ReadExactlyAsync(new byte[1000]);
        }

        Assert.True(await HasContentAsync(Name, StoredContent.Generated(3, 5_000_000)));
    }

    [Fact]
    public async Task AllCalls_FromManyThreads_KeepObjectsApart()
    {
        await CreateBucketAsync();

        await Parallel.ForEachAsync(Enumerable.Range(0, 40), async (number, _) =>
        {
            var content = StoredContent.Generated(number, number * 1000);
            await PutAsync($"folder {number % 4}/{number}", content);
            Assert.True(await HasContentAsync($"folder {number % 4}/{number}", content));
        });

        Assert.Equal(40, (await ListAsync()).Count);
    }

    [Fact]
    public async Task Transfers_CancelledHalfWay_ThrowWithTheCallersToken()
    {
        await CreateBucketAsync();
        await PutAsync(Name, StoredContent.Generated(5, 5_000_000));
        using var source = new CancellationTokenSource();
        await using var opened = await Store.OpenReadAsync(Bucket, Name);
        await opened.Content.ReadExactlyAsync(new byte[1000]);
        var upload = Upload("other", Content) with
        {
            OpenContent = async _ =>
            {
                await source.CancelAsync();
                return Content.OpenRead();
            },
        };

        var put = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.PutAsync(upload, source.Token));
        var read = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await opened.Content.ReadExactlyAsync(new byte[4_000_000], source.Token));

        Assert.Equal((source.Token, source.Token), (put.CancellationToken, read.CancellationToken));
    }

    [Fact]
    public async Task AnyCall_AlreadyCancelled_ThrowsWithTheCallersToken()
    {
        await CreateBucketAsync();
        await PutAsync(Name, Content);
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        var token = source.Token;

        await AssertCancelledAsync(() => ToListAsync(Store.ListBucketsAsync(token)));
        await AssertCancelledAsync(() => ToListAsync(Store.ListObjectsAsync(Bucket, string.Empty, token)));
        await AssertCancelledAsync(async () => await Store.FindObjectAsync(Bucket, Name, token));
        await AssertCancelledAsync(async () => await Store.OpenReadAsync(Bucket, Name, 0, token));
        await AssertCancelledAsync(async () => await Store.PutAsync(Upload("other", Content), token));
        await AssertCancelledAsync(async () => await Store.CreateBucketAsync(new BucketInfo { Id = "other", Name = "other" }, token));
        Assert.Single(await ListAsync());
        Assert.Single(await ToListAsync(Store.ListBucketsAsync()));

        async Task AssertCancelledAsync(Func<Task> call)
        {
            var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(call);
            Assert.Equal(token, exception.CancellationToken);
        }
    }
}
