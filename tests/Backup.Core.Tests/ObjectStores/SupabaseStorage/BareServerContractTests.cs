using Backup.TestKit.Storage;

namespace Backup.Core.Tests.ObjectStores.SupabaseStorage;

public sealed class BareServerContractTests() : SupabaseStorageStoreContract(new StorageServerOptions())
{
    protected override IReadOnlyList<string> HardNames =>
        [.. base.HardNames, "a//b", "/leading", "trailing/", "thing", "thing/inner", "thing-2", "x//", "what?.txt", "star*.txt", "co:lon"];
}
