using System.Net;
using Backup.TestKit.Storage;

namespace Backup.Core.Tests.TestKit.Storage;

public sealed class StorageGatewayTests : StorageServerScene
{
    private const string Prefix = "/storage/v1";

    private protected override StorageServerOptions Options { get; } = new() { IsBehindGateway = true };

    [Fact]
    public async Task Get_WithKeyUnderThePrefix_IsAnswered()
    {
        using var response = await GetAsync(Prefix + ObjectPath, apiKey: Server.ServiceKey);

        Assert.Equal(First(Bytes), (await ReadAsync(response)).Bytes);
        Assert.Equal(ObjectPath, Assert.Single(Server.Requests).Path);
    }

    [Fact]
    public async Task Get_SecretKeyOfTheNewKind_IsTurnedIntoAToken()
    {
        using var response = await GetAsync(Prefix + ObjectPath, key: StorageServer.SecretKey, apiKey: StorageServer.SecretKey);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    public async Task Get_NoKeyOrAWrongOne_Is401(string? apiKey)
    {
        using var response = await GetAsync(Prefix + ObjectPath, apiKey: apiKey);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Get_OutsideThePrefix_Is404()
    {
        using var response = await GetAsync(ObjectPath, apiKey: Server.ServiceKey);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }
}
