using Backup.Core.ObjectStores;
using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.TestKit.Contracts;
using Backup.TestKit.Storage;

namespace Backup.Core.Tests.ObjectStores.SupabaseStorage;

/// <summary>The contract over one kind of server.</summary>
public abstract class SupabaseStorageStoreContract(StorageServerOptions options) : ObjectStoreContract
{
    private StorageServer? _server;

    protected StorageServer Server => _server ?? throw new InvalidOperationException("CreateStoreAsync has not run.");

    // Small pages, so that a listing has many of them.
    protected virtual int ListPageSize => 10;

    protected override async Task<IObjectStore> CreateStoreAsync()
    {
        _server = await StorageServer.StartAsync(options);
        return CreateStore(_server, new SupabaseStorageOptions
        {
            Url = _server.Address,
            Key = _server.ServiceKey,
            ListPageSize = ListPageSize,
            RetryDelay = TimeSpan.FromMilliseconds(1),
        });
    }

    protected virtual SupabaseStorageStore CreateStore(StorageServer server, SupabaseStorageOptions options) => new(options);

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await (_server?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}
