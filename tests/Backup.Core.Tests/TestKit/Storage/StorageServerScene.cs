using System.Net.Http.Headers;
using Backup.TestKit.Storage;

namespace Backup.Core.Tests.TestKit.Storage;

/// <summary>A server with one object of 100,000 bytes, and a plain client.</summary>
public abstract class StorageServerScene : IAsyncLifetime
{
    private protected const int Bytes = 100_000;
    private protected const string ObjectPath = "/object/authenticated/photos/a.bin";

    private static readonly HttpClient Client = new();

    private StorageServer? _server;

    private protected static StoredContent Content { get; } = StoredContent.Generated(1, Bytes);

    private protected StorageServer Server => _server ?? throw new InvalidOperationException("InitializeAsync has not run.");

    private protected virtual StorageServerOptions Options { get; } = new();

    public async Task InitializeAsync()
    {
        _server = await StorageServer.StartAsync(Options);
        await Server.State.CreateBucketAsync("photos");
        await Server.State.PutAsync(new NewObject("photos", "a.bin", Content));
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();

    /// <summary>Sends a GET and returns once the headers are there.</summary>
    private protected async Task<HttpResponseMessage> GetAsync(string path = ObjectPath, long offset = 0, string? key = null, string? apiKey = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Server.Address, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key ?? Server.ServiceKey);
        request.Headers.Range = offset > 0 ? new RangeHeaderValue(offset, null) : null;
        if (apiKey is not null)
        {
            request.Headers.Add("apikey", apiKey);
        }

        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Reads a body until it ends or breaks.</summary>
    private protected static async Task<(byte[] Bytes, bool IsBroken)> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken = default)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var bytes = new MemoryStream();
        try
        {
            await body.CopyToAsync(bytes, cancellationToken);
            return (bytes.ToArray(), false);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or OperationCanceledException)
        {
            return (bytes.ToArray(), true);
        }
    }

    /// <summary>The first bytes of the object.</summary>
    private protected static byte[] First(int count)
    {
        var bytes = new byte[count];
        Content.Read(0, bytes);
        return bytes;
    }
}
