using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.TestKit.Storage;

namespace Backup.Core.Tests.ObjectStores.SupabaseStorage;

public sealed class Http2ContractTests() : SupabaseStorageStoreContract(new StorageServerOptions { IsBehindGateway = true, IsHttps = true })
{
    private HttpClient? _client;

    protected override IReadOnlyList<string> HardNames => [.. base.HardNames, "a//b", "/leading", "trailing/", "what?.txt"];

    protected override SupabaseStorageStore CreateStore(StorageServer server, SupabaseStorageOptions options)
    {
        _client = server.CreateClient();
        return new SupabaseStorageStore(_client, options);
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _client?.Dispose();
        Assert.All(Server.Requests, request => Assert.Equal("HTTP/2", request.Protocol));
    }
}
