using Backup.Core.ObjectStores;
using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.TestKit.Storage;

namespace Backup.Core.Tests.ObjectStores.SupabaseStorage;

/// <summary>A server with one bucket, and a store that waits for nothing long.</summary>
internal sealed class StorageScene : IAsyncDisposable
{
    public const string Bucket = "photos";

    private readonly List<SupabaseStorageStore> _stores = [];

    private StorageScene(StorageServer server) => Server = server;

    public StorageServer Server { get; }

    public SupabaseStorageStore Store => _stores[0];

    public static async Task<StorageScene> StartAsync(
        StorageServerOptions? options = null, Action<SupabaseStorageOptions>? configure = null)
    {
        var scene = new StorageScene(await StorageServer.StartAsync(options));
        await scene.Server.State.CreateBucketAsync(Bucket);
        scene.CreateStore(scene.Server.ServiceKey, configure);
        return scene;
    }

    /// <summary>Another store for the same server.</summary>
    public SupabaseStorageStore CreateStore(string key, Action<SupabaseStorageOptions>? configure = null)
    {
        var options = new SupabaseStorageOptions
        {
            Url = Server.Address,
            Key = key,
            RetryDelay = TimeSpan.FromMilliseconds(1),
            MaxRetries = 2,
        };
        configure?.Invoke(options);
        var store = new SupabaseStorageStore(options);
        _stores.Add(store);
        return store;
    }

    /// <summary>Makes a request of an object and puts it into the bucket.</summary>
    public async Task<StoredContent> PutAsync(string name, int bytes)
    {
        var content = StoredContent.Generated(bytes, bytes);
        await Server.State.PutAsync(new NewObject(Bucket, name, content));
        return content;
    }

    public async Task<List<StoredObject>> ListAsync(string prefix = "", string bucket = Bucket)
    {
        var list = new List<StoredObject>();
        await foreach (var item in Store.ListObjectsAsync(bucket, prefix))
        {
            list.Add(item);
        }

        return list;
    }

    /// <summary>Downloads an object as a backup does, and compares it.</summary>
    public async Task AssertDownloadsAsync(string name, StoredContent expected, int maxResumes = 3)
    {
        await using var download = await ResumingDownload.OpenAsync(Store, Bucket, name, maxResumes, default);
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await download.ReadAsync(buffer, default)) > 0)
        {
            bytes.Write(buffer, 0, read);
        }

        Assert.Equal(expected.ETag, StoredContent.Of(bytes.ToArray()).ETag);
    }

    public async ValueTask DisposeAsync()
    {
        _stores.ForEach(store => store.Dispose());
        await Server.DisposeAsync();
    }
}
