using System.Text.Json;
using Backup.Core.Errors;
using Backup.TestKit.Storage;
using Backup.TestKit.Streams;
using Xunit;

namespace Backup.TestKit.Contracts;

/// <summary>What an <see cref="ObjectStoreContract"/> says of uploads.</summary>
public abstract class ObjectUploadContract : ObjectStoreScene
{
    private protected static readonly StoredContent Content = StoredContent.Generated(1, 100_000);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000_003)]
    public async Task Put_AnyLength_ReadsBackTheSame(int bytes)
    {
        await CreateBucketAsync();
        var content = StoredContent.Generated(2, bytes);

        await PutAsync(Name, content);

        Assert.True(await HasContentAsync(Name, content));
    }

    [Fact]
    public async Task Put_NameIsTaken_ThrowsAndKeepsTheFirst()
    {
        await CreateBucketAsync();
        await PutAsync(Name, Content);

        await AssertRefusedAsync(
            ObjectStoreError.AlreadyExists, () => PutAsync(Name, StoredContent.Of("second")), $"{Bucket}/{Name}");

        Assert.True(await HasContentAsync(Name, Content));
    }

    [Fact]
    public async Task Put_Overwrite_ReplacesBytesAndETag()
    {
        await CreateBucketAsync();
        await PutAsync(Name, Content);
        var before = Assert.Single(await ListAsync());

        await PutAsync(Name, StoredContent.Of("second"), isOverwrite: true);

        var after = Assert.Single(await ListAsync());
        Assert.NotEqual(before.ETag, after.ETag);
        Assert.True(await HasContentAsync(Name, StoredContent.Of("second")));
    }

    [Fact]
    public async Task Put_WithProperties_KeepsThemWhereTheStoreSaysSo()
    {
        await CreateBucketAsync();
        const string Metadata = """{"камера":"X100","n":5,"deep":{"a":[1,null,true]},"text":"\"😀\" & more"}""";
        await Store.PutAsync(Upload(Name, Content) with
        {
            ContentType = "text/html; charset=utf-8",
            CacheControl = "public, max-age=60",
            UserMetadata = Metadata,
        });

        if (Store.Capabilities.KeepsProperties)
        {
            var found = (await Store.FindObjectAsync(Bucket, Name))!;
            foreach (var item in new[] { found, Assert.Single(await ListAsync()) })
            {
                Assert.Equal("text/html; charset=utf-8", item.ContentType);
                Assert.Equal("public, max-age=60", item.CacheControl);
            }

            using var expected = JsonDocument.Parse(Metadata);
            using var actual = JsonDocument.Parse(found.UserMetadata!);
            Assert.True(JsonElement.DeepEquals(expected.RootElement, actual.RootElement), found.UserMetadata);
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task Put_ContentOfAnotherLengthThanAnnounced_ThrowsAndKeepsTheOldObject(int difference)
    {
        await CreateBucketAsync();
        await PutAsync(Name, StoredContent.Of("old"));

        await Assert.ThrowsAsync<ObjectStoreException>(
            async () => await Store.PutAsync(Upload(Name, Content) with { Bytes = Content.Length + difference, Overwrite = true }));

        Assert.True(await HasContentAsync(Name, StoredContent.Of("old")));
        Assert.Single(await ListAsync());
    }

    [Fact]
    public async Task Put_ContentCannotBeRead_ThrowsAndStoresNothing()
    {
        await CreateBucketAsync();
        var upload = Upload(Name, Content) with
        {
            OpenContent = _ => ValueTask.FromResult<Stream>(new ThrowingStream(Content.OpenRead(), 50_000)),
        };

        await Assert.ThrowsAsync<ObjectStoreException>(async () => await Store.PutAsync(upload));

        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task Put_ManyAtOnceOfOneName_StoresOneOfThem()
    {
        await CreateBucketAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(async number =>
        {
            try
            {
                await PutAsync(Name, StoredContent.Generated(number, 1000));
                return number;
            }
            catch (ObjectStoreException exception) when (exception.Error == ObjectStoreError.AlreadyExists)
            {
                return -1;
            }
        }));

        var stored = Assert.Single(outcomes, number => number >= 0);
        Assert.True(await HasContentAsync(Name, StoredContent.Generated(stored, 1000)));
    }
}
