using Backup.Core.ObjectStores;
using Backup.TestKit;
using Backup.TestKit.Contracts;

namespace Backup.Core.Tests.ObjectStores;

[Collection(nameof(ObjectStoreMemoryTests))]
public sealed class DirectoryObjectStoreMemoryTests : ObjectStoreMemoryContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    protected override Task<IObjectStore> CreateStoreAsync() =>
        Task.FromResult<IObjectStore>(new DirectoryObjectStore(_folder["store"]));

    public void Dispose() => _folder.Dispose();
}
