using Backup.Core.ObjectStores;
using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.TestKit.Storage;

namespace Backup.Core.Tests.TestKit.Storage;

public sealed class StorageServerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Store_BareOrBehindTheGateway_ListsAndReads(bool isBehindGateway)
    {
        await using var server = await StorageServer.StartAsync(new StorageServerOptions { IsBehindGateway = isBehindGateway });
        await server.State.CreateBucketAsync("photos");
        await server.State.PutAsync("photos", "a//b/../c.txt", "hello");
        using var store = new SupabaseStorageStore(new SupabaseStorageOptions { Url = server.Address, Key = server.ServiceKey });

        var listed = await ToListAsync(store.ListObjectsAsync("photos"));
        await using var content = await store.OpenReadAsync("photos", "a//b/../c.txt");
        using var reader = new StreamReader(content.Content);

        Assert.Equal(["a//b/../c.txt"], listed.Select(item => item.Name));
        Assert.Equal("hello", await reader.ReadToEndAsync());
        Assert.Contains(server.Requests, request => request.Target.Contains("/object/authenticated/photos/a//b/../c.txt?", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Put_LargeObject_ReadsBackFromAnyOffset()
    {
        await using var server = await StorageServer.StartAsync();
        await server.State.CreateBucketAsync("photos");
        var content = StoredContent.Generated(7, 3_000_001);
        using var store = new SupabaseStorageStore(new SupabaseStorageOptions { Url = server.Address, Key = server.ServiceKey });

        await store.PutAsync(new ObjectUpload
        {
            Bucket = "photos",
            Name = "large.bin",
            Bytes = content.Length,
            OpenContent = _ => ValueTask.FromResult(content.OpenRead()),
        });

        Assert.Equal(content.ETag, server.State.Find("photos", "large.bin")!.Metadata!.ETag);
        await using var rest = await store.OpenReadAsync("photos", "large.bin", 2_000_003);
        var expected = new byte[3_000_001 - 2_000_003];
        content.Read(2_000_003, expected);
        using var bytes = new MemoryStream();
        await rest.Content.CopyToAsync(bytes);
        Assert.Equal(expected, bytes.ToArray());
    }

    private static async Task<List<T>> ToListAsync<T>(IAsyncEnumerable<T> items)
    {
        var list = new List<T>();
        await foreach (var item in items)
        {
            list.Add(item);
        }

        return list;
    }
}
