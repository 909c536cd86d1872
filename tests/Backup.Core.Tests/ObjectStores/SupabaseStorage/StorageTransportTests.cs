using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.TestKit.Storage;
using Microsoft.AspNetCore.Http;

namespace Backup.Core.Tests.ObjectStores.SupabaseStorage;

/// <summary>TLS and HTTP/2, as the hosted service speaks them.</summary>
public sealed class StorageTransportTests : IDisposable
{
    private const int Bytes = 2_000_000;

    private static readonly StoredContent Content = StoredContent.Generated(3, Bytes);

    private readonly X509Certificate2 _certificate = CreateCertificate();

    public void Dispose() => _certificate.Dispose();

    [Fact]
    public async Task Download_OverHttp2ResetInMidBody_GoesOnWithARange()
    {
        var protocols = new List<string>();
        await using var server = await ScriptedServer.StartAsync(
            async (context, number) =>
            {
                protocols.Add(context.Request.Protocol);
                var range = context.Request.GetTypedHeaders().Range?.Ranges.Single().From ?? 0;
                var rest = new byte[Bytes - range];
                Content.Read(range, rest);
                context.Response.StatusCode = range == 0 ? 200 : 206;
                context.Response.Headers.ETag = Content.ETag;
                context.Response.Headers.ContentRange = range == 0 ? default : $"bytes {range}-{Bytes - 1}/{Bytes}";
                context.Response.ContentLength = rest.Length;
                await context.Response.Body.WriteAsync(number == 1 ? rest.AsMemory(0, 700_000) : rest);
                if (number == 1)
                {
                    await context.Response.Body.FlushAsync();
                    context.Abort();
                }
            },
            _certificate);
        using var client = CreateTrustingClient();
        using var store = new SupabaseStorageStore(client, Options(server));

        await using var download = await ResumingDownload.OpenAsync(store, "b", "n", 3, default);
        using var received = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int bytes;
        while ((bytes = await download.ReadAsync(buffer, default)) > 0)
        {
            received.Write(buffer, 0, bytes);
        }

        Assert.Equal(Content.ETag, StoredContent.Of(received.ToArray()).ETag);
        Assert.Equal(["HTTP/2", "HTTP/2"], protocols);
    }

    [Fact]
    public async Task Upload_OverHttp2_ArrivesWholeAndAnEarlyRefusalIsRead()
    {
        await using var server = await ScriptedServer.StartAsync(
            async (context, number) =>
            {
                using var received = new MemoryStream();
                if (number == 1)
                {
                    await context.Request.Body.CopyToAsync(received);
                }

                var isWhole = received.Length == Bytes && StoredContent.Of(received.ToArray()).ETag == Content.ETag;
                context.Response.StatusCode = isWhole ? 200 : 400;
                await context.Response.WriteAsync(isWhole ? "{}" : """{"statusCode":"413","message":"too large","code":"EntityTooLarge"}""");
            },
            _certificate);
        using var client = CreateTrustingClient();
        using var store = new SupabaseStorageStore(client, Options(server));
        var upload = new ObjectUpload { Bucket = "b", Name = "n", Bytes = Bytes, OpenContent = _ => ValueTask.FromResult(Content.OpenRead()) };

        await store.PutAsync(upload);
        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => store.PutAsync(upload).AsTask());

        Assert.Equal(ObjectStoreError.TooLarge, exception.Error);
    }

    [Fact]
    public async Task ListBuckets_CertificateThatNobodyTrusts_IsDefinite()
    {
        await using var server = await ScriptedServer.StartAsync((_, _) => Task.CompletedTask, _certificate);
        using var store = new SupabaseStorageStore(Options(server));

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(async () =>
        {
            await foreach (var bucket in store.ListBucketsAsync())
            {
                Assert.NotNull(bucket);
            }
        });

        Assert.False(exception.IsTransient);
        Assert.Contains("certificate", exception.Hint, StringComparison.Ordinal);
        Assert.Equal(0, server.Requests);
    }

    private static SupabaseStorageOptions Options(ScriptedServer server) => new()
    {
        Url = server.Address,
        Key = "sb_secret_x",
        UseGatewayPath = true,
        RetryDelay = TimeSpan.FromMilliseconds(1),
    };

    private static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var from = TimeProvider.System.GetUtcNow().AddDays(-1);
        return request.CreateSelfSigned(from, from.AddDays(30));
    }

    private HttpClient CreateTrustingClient() => new(new SocketsHttpHandler
    {
        SslOptions = { RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.GetCertHashString() == _certificate.Thumbprint },
    });
}
