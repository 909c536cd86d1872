using Backup.TestKit.Storage;

namespace Backup.Core.Tests.ObjectStores.SupabaseStorage;

public sealed class GatewayContractTests() : SupabaseStorageStoreContract(new StorageServerOptions { IsBehindGateway = true, HasS3Backend = true });
