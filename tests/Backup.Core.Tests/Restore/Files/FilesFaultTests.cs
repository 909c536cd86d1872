using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.TestKit;
using Backup.TestKit.Archives;
using Backup.TestKit.Storage;

namespace Backup.Core.Tests.Restore.Files;

public sealed class FilesFaultTests
{
    [Fact]
    public async Task RunAsync_DamagedEntry_FailsThatObjectAndStoresNothingWrong()
    {
        var content = new byte[200_000];
        new Random(2).NextBytes(content);
        var sink = await new FilesBackup().With(new StoredObject { Bucket = "b", Name = "bad" }, content).With("b", "good", "fine").WriteAsync();
        await DamageAsync(sink, content.AsSpan(150_000, 16).ToArray());
        var store = new InMemoryObjectStore();

        var result = await FilesRestore.RunAsync(sink, store);

        var failure = Assert.Single(result.Failures);
        Assert.Equal("b/bad", failure.Subject);
        Assert.Contains("CRC-32", failure.Reason, StringComparison.Ordinal);
        Assert.Equal(["good"], store.Objects.Select(item => item.Name));
        Assert.Equal((new ObjectCount(1, 4), new ObjectCount(1, 200_000)), (result.FilesUploaded, result.FilesFailed));
    }

    [Fact]
    public async Task RunAsync_DamagedEntryIntoFolder_LeavesNoFile()
    {
        using var folder = new TemporaryFolder();
        var content = new byte[100_000];
        new Random(3).NextBytes(content);
        var sink = await new FilesBackup().With(new StoredObject { Bucket = "b", Name = "x/bad" }, content).WriteAsync();
        await DamageAsync(sink, content.AsSpan(99_000, 16).ToArray());

        var result = await FilesRestore.RunAsync(sink, new DirectoryObjectStore(folder.Path));

        Assert.Equal("b/x/bad", Assert.Single(result.Failures).Subject);
        Assert.Empty(Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task RunAsync_StoreThatIgnoresBrokenSources_IsNotBelieved()
    {
        var content = new byte[50_000];
        new Random(4).NextBytes(content);
        var sink = await new FilesBackup().With(new StoredObject { Bucket = "b", Name = "bad" }, content).WriteAsync();
        await DamageAsync(sink, content.AsSpan(40_000, 16).ToArray());

        var result = await FilesRestore.RunAsync(sink, new CarelessStore());

        Assert.Contains("CRC-32", Assert.Single(result.Failures).Reason, StringComparison.Ordinal);
        Assert.Equal(0, result.FilesUploaded.Objects);
    }

    [Fact]
    public async Task RunAsync_PassingFailures_AreTriedAgainAtTheEnd()
    {
        var failed = 0;
        var store = new InMemoryObjectStore
        {
            Before = (verb, subject, _) => verb == "put" && subject == "b/2" && failed++ == 0 ? throw Busy() : Task.CompletedTask,
        };
        var sink = await new FilesBackup().With("b", "1", "1").With("b", "2", "2").With("b", "3", "3").WriteAsync();

        var result = await FilesRestore.RunAsync(sink, store, configure: options => options.Transfers = 1);

        Assert.Equal(RestoreOutcome.Complete, result.Outcome);
        Assert.Equal(["put b/1", "put b/2", "put b/3", "put b/2"], store.Calls.Where(call => call.StartsWith("put", StringComparison.Ordinal)));
        Assert.Equal(3, result.FilesUploaded.Objects);
    }

    [Fact]
    public async Task RunAsync_MoreFailuresThanAllowed_StopsAndSaysSo()
    {
        var store = new InMemoryObjectStore { Before = (verb, _, _) => verb == "put" ? throw Refused() : Task.CompletedTask };
        var backup = new FilesBackup();
        for (var number = 10; number < 40; number++)
        {
            backup.With("b", $"{number}", "x");
        }

        var result = await FilesRestore.RunAsync(await backup.WriteAsync(), store, configure: options =>
        {
            options.Transfers = 1;
            options.MaxObjectFailures = 4;
        });

        Assert.Equal(RestoreOutcome.CompletedWithFailures, result.Outcome);
        Assert.Equal(["OBJECT", "OBJECT", "OBJECT", "OBJECT", "OBJECT", "STORAGE"], result.Failures.Select(failure => failure.Kind));
        Assert.Contains("More than 4 objects failed", result.Failures[^1].Reason, StringComparison.Ordinal);
        Assert.Contains("30 are missing", result.Failures[^1].Reason, StringComparison.Ordinal);
        Assert.InRange(store.Calls.Count(call => call.StartsWith("put", StringComparison.Ordinal)), 5, 6);
    }

    [Fact]
    public async Task RunAsync_StopOnFirstError_Throws()
    {
        var store = new InMemoryObjectStore { Before = (verb, _, _) => verb == "put" ? throw Refused() : Task.CompletedTask };
        var sink = await new FilesBackup().With("b", "1", "1").With("b", "2", "2").WriteAsync();

        var exception = await Assert.ThrowsAsync<RestoreException>(
            () => FilesRestore.RunAsync(sink, store, new RestoreRequest { StopOnFirstError = true }));

        Assert.IsType<ObjectStoreException>(exception.InnerException);
    }

    [Fact]
    public async Task RunAsync_KeyMayNotWrite_ThrowsBeforeAnyUpload()
    {
        var store = new InMemoryObjectStore
        {
            Before = (verb, _, _) => verb == "create" ? throw new ObjectStoreException("No right.") { Error = ObjectStoreError.AccessDenied } : Task.CompletedTask,
        };
        var sink = await new FilesBackup().With("b", "1", "1").WriteAsync();

        await Assert.ThrowsAsync<ObjectStoreException>(() => FilesRestore.RunAsync(sink, store));

        Assert.DoesNotContain(store.Calls, call => call.StartsWith("put", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_HostileNames_FailOneByOneAndStayInside()
    {
        using var folder = new TemporaryFolder();
        var inside = Path.Combine(folder.Path, "store");
        var names = new[] { "", "..", "../../up", "a/../../../up", "/absolute", "a//b", new string('n', 3000), "ok", "zero\0byte" };
        var backup = new FilesBackup().With(new BucketInfo { Id = "..", Name = ".." }).With("..", "up", "x");
        foreach (var name in names)
        {
            backup.With("b", name, "x");
        }

        var result = await FilesRestore.RunAsync(await backup.WriteAsync(), new DirectoryObjectStore(inside));

        Assert.Equal(["ok"], Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).Select(Path.GetFileName));
        Assert.Equal(("BUCKET", ".."), (result.Failures[0].Kind, result.Failures[0].Subject));
        Assert.Equal(names.Length - 1, result.Failures.Count(failure => failure.Kind == "OBJECT"));
    }

    [Fact]
    public async Task RunAsync_EntryWithoutItsObject_IsADamagedBackup()
    {
        var backup = new FilesBackup { ChangeHeader = header => header with { Object = null } };
        var store = new InMemoryObjectStore();

        await Assert.ThrowsAsync<ArchiveFormatException>(async () => await FilesRestore.RunAsync(await backup.With("b", "1", "1").WriteAsync(), store));

        Assert.Empty(store.Buckets);
    }

    [Fact]
    public async Task RunAsync_EntryOfAnotherBucketsObject_IsADamagedBackup()
    {
        var backup = new FilesBackup { ChangeHeader = header => header with { Object = header.Object! with { Bucket = "other" } } };

        await Assert.ThrowsAsync<ArchiveFormatException>(
            async () => await FilesRestore.RunAsync(await backup.With("b", "1", "1").WriteAsync(), new InMemoryObjectStore()));
    }

    [Fact]
    public async Task RunAsync_IndexHoldsFewerObjectsThanTheManifest_SaysSo()
    {
        var backup = new FilesBackup().With("b", "1", "1");
        backup.AdditionalRecords["b"] = 2;

        var result = await FilesRestore.RunAsync(await backup.WriteAsync(), new InMemoryObjectStore());

        Assert.Contains("holds 1 objects of it, the manifest says 3", Assert.Single(result.Failures).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Cancelled_ThrowsTheCallersToken()
    {
        using var stop = new CancellationTokenSource();
        var store = new InMemoryObjectStore
        {
            Before = async (verb, _, _) =>
            {
                if (verb == "put")
                {
                    await stop.CancelAsync();
                    stop.Token.ThrowIfCancellationRequested();
                }
            },
        };
        var sink = await new FilesBackup().With("b", "1", "1").With("b", "2", "2").WriteAsync();

        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => FilesRestore.RunAsync(sink, store, cancellationToken: stop.Token));

        Assert.Equal(stop.Token, exception.CancellationToken);
        Assert.Empty(store.Objects);
    }

    private static ObjectStoreException Busy() => new("Slow down.") { Error = ObjectStoreError.Unavailable, IsTransient = true };

    private static ObjectStoreException Refused() => new("Too large.") { Error = ObjectStoreError.TooLarge };

    private static async Task DamageAsync(InMemorySink sink, byte[] at)
    {
        var name = $"{ArchiveBuilder.Id}/volume-0001.zip";
        var volume = await sink.ReadObjectAsync(name);
        volume[volume.AsSpan().IndexOf(at)] ^= 1;
        await sink.WriteObjectAsync(name, volume);
    }

    /// <summary>A store that takes whatever came before its source broke off for the whole.</summary>
    private sealed class CarelessStore : IObjectStore
    {
        public ObjectStoreCapabilities Capabilities { get; } = new() { Location = "careless" };

        public IAsyncEnumerable<BucketInfo> ListBucketsAsync(CancellationToken cancellationToken = default) => AsyncEnumerable.Empty<BucketInfo>();

        public IAsyncEnumerable<StoredObject> ListObjectsAsync(string bucket, string prefix = "", CancellationToken cancellationToken = default) =>
            AsyncEnumerable.Empty<StoredObject>();

        public ValueTask<StoredObject?> FindObjectAsync(string bucket, string name, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult<StoredObject?>(null);

        public ValueTask<ObjectContent> OpenReadAsync(string bucket, string name, long offset = 0, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public async ValueTask PutAsync(ObjectUpload upload, CancellationToken cancellationToken = default)
        {
            await using var content = await upload.OpenContent(cancellationToken);
            try
            {
                await content.CopyToAsync(Stream.Null, cancellationToken);
            }
            catch (ArchiveFormatException)
            {
                // Careless.
            }
        }

        public ValueTask CreateBucketAsync(BucketInfo bucket, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }
}
