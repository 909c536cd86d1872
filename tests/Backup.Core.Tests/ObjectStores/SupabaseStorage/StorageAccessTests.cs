using System.Net;
using System.Net.Sockets;
using Backup.Core.Errors;
using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.TestKit.Storage;

namespace Backup.Core.Tests.ObjectStores.SupabaseStorage;

/// <summary>Wrong keys and wrong addresses: one line that says what is wrong, and a hint that says what to do.</summary>
public sealed class StorageAccessTests
{
    public static TheoryData<string> LimitedKeys => ["anon", "user", "publishable"];

    [Theory]
    [MemberData(nameof(LimitedKeys))]
    public async Task Everything_KeyWithoutRights_IsAnErrorAndNeverEmpty(string kind)
    {
        await using var scene = await StorageScene.StartAsync();
        await scene.Server.State.PutAsync(StorageScene.Bucket, "a", "x");
        var key = kind switch
        {
            "anon" => scene.Server.AnonKey,
            "user" => scene.Server.UserKey,
            _ => "sb_publishable_abc",
        };
        var store = scene.CreateStore(key);

        foreach (var call in Calls(store))
        {
            AssertDenied(await Assert.ThrowsAsync<ObjectStoreException>(call), key);
        }
    }

    [Fact]
    public async Task ListBuckets_NoBucketsWithTheServiceKey_IsEmpty()
    {
        await using var scene = await StorageScene.StartAsync();
        await scene.Server.State.DeleteBucketAsync(StorageScene.Bucket);

        await ListBucketsAsync(scene.Store);
    }

    [Fact]
    public async Task List_RoleOfItsOwnThatSeesNothing_IsAnError()
    {
        await using var server = await ScriptedServer.StartAsync(200, "[]", "application/json");
        using var store = new SupabaseStorageStore(new SupabaseStorageOptions { Url = server.Address, Key = "opaque" });

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => ListBucketsAsync(store));

        AssertDenied(exception, "opaque");
    }

    [Fact]
    public async Task Everything_ExpiredKey_SaysSo()
    {
        await using var scene = await StorageScene.StartAsync();
        var key = scene.Server.Tokens.Create("service_role", expiresAt: new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));

        foreach (var call in Calls(scene.CreateStore(key)))
        {
            var exception = await Assert.ThrowsAsync<ObjectStoreException>(call);
            AssertDenied(exception, key);
            Assert.Contains("expired", exception.Hint, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Everything_KeyOfAnotherProject_SaysSo()
    {
        await using var scene = await StorageScene.StartAsync();
        var key = scene.Server.ServiceKey[..^6] + "AAAAAA";

        foreach (var call in Calls(scene.CreateStore(key)))
        {
            var exception = await Assert.ThrowsAsync<ObjectStoreException>(call);
            AssertDenied(exception, key);
            Assert.Contains("another project", exception.Hint, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Everything_NewStyleKeyWithoutTheGateway_SaysWhichKeyTheServerTakes()
    {
        await using var scene = await StorageScene.StartAsync();

        foreach (var call in Calls(scene.CreateStore(StorageServer.SecretKey)))
        {
            var exception = await Assert.ThrowsAsync<ObjectStoreException>(call);
            AssertDenied(exception, StorageServer.SecretKey);
            Assert.Contains("gateway", exception.Hint, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Everything_BehindTheGateway_WorksWithBothKindsOfKeys(bool isNewStyle)
    {
        await using var scene = await StorageScene.StartAsync(new StorageServerOptions { IsBehindGateway = true });
        await scene.Server.State.PutAsync(StorageScene.Bucket, "a", "x");
        var store = scene.CreateStore(isNewStyle ? StorageServer.SecretKey : scene.Server.ServiceKey);

        foreach (var call in Calls(store))
        {
            await call();
        }

        Assert.All(scene.Server.Requests, request => Assert.StartsWith("/storage/v1/", request.Target, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ListBuckets_WrongKeyBehindTheGateway_IsDenied()
    {
        await using var scene = await StorageScene.StartAsync(new StorageServerOptions { IsBehindGateway = true });

        AssertDenied(await Assert.ThrowsAsync<ObjectStoreException>(() => ListBucketsAsync(scene.CreateStore("sb_secret_wrong"))), "sb_secret_wrong");
    }

    [Theory]
    [InlineData(404, "<!doctype html>\n<title>no</title>", "text/html")]
    [InlineData(404, "404 page not found", "text/plain")]
    [InlineData(200, "<!doctype html>\n<title>an application</title>", "text/html")]
    [InlineData(200, "{}", "application/json")]
    [InlineData(405, "", "text/plain")]
    public async Task Everything_NoStorageServer_HintsAtTheAddress(int status, string body, string contentType)
    {
        await using var server = await ScriptedServer.StartAsync(status, body, contentType);
        using var store = new SupabaseStorageStore(new SupabaseStorageOptions { Url = server.Address, Key = "sb_secret_x" });

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => ListBucketsAsync(store));

        Assert.Contains("Check the address", exception.Hint, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
        Assert.InRange(server.Requests, 1, 2);
        if (status != 200)
        {
            await Assert.ThrowsAsync<ObjectStoreException>(() => store.FindObjectAsync("b", "n").AsTask());
        }
    }

    [Fact]
    public async Task ListBuckets_NothingListens_SaysSo()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        var exception = await FailAsync(new Uri($"http://127.0.0.1:{port}"));

        Assert.Contains($"127.0.0.1:{port} (nothing listens there)", exception.Message, StringComparison.Ordinal);
        Assert.True(exception.IsTransient);
    }

    [Fact]
    public async Task ListBuckets_UnknownHost_SaysSo()
    {
        var exception = await FailAsync(new Uri("http://no-such-host.invalid"));

        Assert.Contains("no-such-host.invalid", exception.Message, StringComparison.Ordinal);
        Assert.Contains("address", exception.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListBuckets_HttpsToAnHttpPort_SaysThatTheSecureConnectionFailed()
    {
        await using var scene = await StorageScene.StartAsync();

        var exception = await FailAsync(new Uri($"https://127.0.0.1:{scene.Server.Address.Port}"));

        Assert.Contains("secure connection", exception.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListBuckets_ServerThatDoesNotSpeakHttp_SaysSo()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = AnswerAsync();

        var exception = await FailAsync(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"));

        Assert.Contains("does not speak HTTP", exception.Message, StringComparison.Ordinal);
        listener.Stop();
        await answering;

        async Task AnswerAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await listener.AcceptTcpClientAsync();
                    await client.GetStream().WriteAsync("220 mail.example ESMTP\r\n\r\n"u8.ToArray());
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    [Fact]
    public async Task Everything_Cancelled_EndsWithTheCallersToken()
    {
        await using var scene = await StorageScene.StartAsync();
        scene.Server.Faults.Add(StorageCall.Any, Fault.Silence);
        using var cancelled = new CancellationTokenSource();
        var listing = Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var bucket in scene.Store.ListBucketsAsync(cancelled.Token))
            {
                Assert.NotNull(bucket);
            }
        });

        await cancelled.CancelAsync();

        Assert.Equal(cancelled.Token, (await listing).CancellationToken);
    }

    private static async Task<ObjectStoreException> FailAsync(Uri address)
    {
        using var store = new SupabaseStorageStore(new SupabaseStorageOptions
        {
            Url = address,
            Key = "sb_secret_never-shown",
            MaxRetries = 1,
            RetryDelay = TimeSpan.FromMilliseconds(1),
        });
        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => ListBucketsAsync(store));
        Assert.Equal(ObjectStoreError.Unavailable, exception.Error);
        Assert.DoesNotContain('\n', exception.Message);
        Assert.DoesNotContain("never-shown", exception.ToString(), StringComparison.Ordinal);
        Assert.NotNull(exception.Hint);
        return exception;
    }

    private static void AssertDenied(ObjectStoreException exception, string key)
    {
        Assert.Equal(ObjectStoreError.AccessDenied, exception.Error);
        Assert.False(exception.IsTransient);
        Assert.NotNull(exception.Hint);
        Assert.DoesNotContain('\n', exception.Message);
        Assert.DoesNotContain(key, exception.ToString(), StringComparison.Ordinal);
    }

    private static Func<Task>[] Calls(SupabaseStorageStore store) =>
    [
        () => ListBucketsAsync(store),
        async () =>
        {
            await foreach (var item in store.ListObjectsAsync(StorageScene.Bucket))
            {
                Assert.NotNull(item);
            }
        },
        async () => await store.FindObjectAsync(StorageScene.Bucket, "a"),
        async () =>
        {
            await using var content = await store.OpenReadAsync(StorageScene.Bucket, "a");
        },
        async () => await store.PutAsync(new()
        {
            Bucket = StorageScene.Bucket,
            Name = "new",
            Bytes = 0,
            OpenContent = _ => ValueTask.FromResult(Stream.Null),
        }),
        async () => await store.CreateBucketAsync(new() { Id = "new", Name = "new" }),
    ];

    private static async Task ListBucketsAsync(SupabaseStorageStore store)
    {
        await foreach (var bucket in store.ListBucketsAsync())
        {
            Assert.NotEmpty(bucket.Id);
        }
    }
}
