using Backup.Core.ObjectStores;
using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.TestKit.Contracts;
using Backup.TestKit.Storage;

namespace Backup.Core.Tests.ObjectStores.SupabaseStorage;

[Collection(nameof(ObjectStoreMemoryTests))]
public sealed class SupabaseStorageMemoryTests : ObjectStoreMemoryContract
{
    private StorageServer? _server;

    protected override async Task<IObjectStore> CreateStoreAsync()
    {
        _server = await StorageServer.StartAsync();
        return new SupabaseStorageStore(new SupabaseStorageOptions { Url = _server.Address, Key = _server.ServiceKey });
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await (_server?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}
