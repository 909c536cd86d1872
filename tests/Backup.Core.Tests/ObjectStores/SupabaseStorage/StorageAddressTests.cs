using Backup.Core.Errors;
using Backup.Core.ObjectStores.SupabaseStorage;

namespace Backup.Core.Tests.ObjectStores.SupabaseStorage;

public sealed class StorageAddressTests
{
    [Theory]
    [InlineData("a/b.txt", "a/b.txt")]
    [InlineData("dbl//slash", "dbl//slash")]
    [InlineData("/lead", "/lead")]
    [InlineData("trail/", "trail/")]
    [InlineData("seg/../up/./x", "seg/../up/./x")]
    [InlineData("a b+c&d?e#f%g", "a%20b%2Bc%26d%3Fe%23f%25g")]
    [InlineData("it's (1)!*;:@=$,", "it%27s%20%281%29%21%2A%3B%3A%40%3D%24%2C")]
    [InlineData("back\\slash\n", "back%5Cslash%0A")]
    [InlineData("é😀", "%C3%A9%F0%9F%98%80")]
    public void Download_AnyName_EncodesEachByteAndNormalisesNothing(string name, string expected)
    {
        var address = StorageAddress.Bare(new Uri("http://host:5000")).Download("my bucket", name, "1");

        Assert.Equal($"/object/authenticated/my%20bucket/{expected}?t=1", address.PathAndQuery);
    }

    [Theory]
    [InlineData("https://ref.supabase.co", "https://ref.supabase.co/storage/v1/bucket")]
    [InlineData("https://ref.supabase.co/", "https://ref.supabase.co/storage/v1/bucket")]
    [InlineData("https://ref.supabase.co/storage/v1/", "https://ref.supabase.co/storage/v1/bucket")]
    [InlineData("http://host:8000/project", "http://host:8000/project/storage/v1/bucket")]
    public void BehindGateway_AnyAddress_HasThePrefixOnce(string url, string expected) =>
        Assert.Equal(expected, StorageAddress.BehindGateway(new Uri(url)).Buckets.ToString());

    [Theory]
    [InlineData("b", "../../../rest/v1/accounts")]
    [InlineData("b", "a/./x")]
    [InlineData("b", "a/..")]
    [InlineData("..", "x")]
    public void Upload_DotSegment_IsNoName(string bucket, string name)
    {
        var address = StorageAddress.Bare(new Uri("http://host"));

        var exception = Assert.Throws<ObjectStoreException>(() => address.Upload(bucket, name));

        Assert.Equal(ObjectStoreError.InvalidName, exception.Error);
    }

    [Fact]
    public void Download_HalfASurrogatePair_IsNoName()
    {
        var address = StorageAddress.Bare(new Uri("http://host"));

        var exception = Assert.Throws<ObjectStoreException>(() => address.Download("b", "x\ud83d", "1"));

        Assert.Equal(ObjectStoreError.InvalidName, exception.Error);
    }
}
