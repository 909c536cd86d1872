using Backup.TestKit.Storage;

namespace Backup.Core.Tests.ObjectStores.SupabaseStorage;

public sealed class ServerWithoutCursorListingContractTests() : SupabaseStorageStoreContract(new StorageServerOptions { HasListV2 = false })
{
    // Two pages in a folder of the contract's: the border of a batch falls on a name that others begin with.
    protected override int ListPageSize => 50;

    protected override IReadOnlyList<string> HardNames =>
        [.. base.HardNames, "a//b", "/leading", "trailing/", "thing", "thing/inner", "thing-2", "x//", "what?.txt", "star*.txt", "co:lon"];
}
