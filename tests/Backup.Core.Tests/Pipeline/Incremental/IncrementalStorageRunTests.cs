using Backup.Core.Archives;
using Backup.Core.ObjectStores;
using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.Core.Pipeline;
using Backup.Core.Sinks;
using Backup.TestKit.Storage;

namespace Backup.Core.Tests.Pipeline.Incremental;

/// <summary>An incremental run over HTTP, of many objects of which few have changed.</summary>
public sealed class IncrementalStorageRunTests : IAsyncLifetime
{
    private const int Objects = 20_000;
    private const int Changed = 50;

    private readonly InMemorySink _sink = new();
    private StorageServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await StorageServer.StartAsync();
        await _server.State.CreateBucketAsync("docs");
        await _server.State.PutManyAsync(Enumerable.Range(0, Objects).Select(number => NewObjectOf(number, number)));
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task RunAsync_FewOfManyChanged_DownloadsExactlyThose()
    {
        using var store = new SupabaseStorageStore(new SupabaseStorageOptions { Url = _server.Address, Key = _server.ServiceKey });
        var full = await RunAsync(await CopyAsync(store), new BackupRequest());
        var before = _server.Requests.Count;
        for (var number = 0; number < Changed; number++)
        {
            // Of the same size and name.
            await _server.State.PutAsync(NewObjectOf(number * 400, number + Objects));
        }

        var result = await RunAsync(store, new BackupRequest { Incremental = true, Parent = full.Id });

        var requests = _server.Requests.Skip(before).ToList();
        Assert.Equal(Changed, requests.Count(StorageCall.IsDownload));
        Assert.Equal(Changed, requests.Count(StorageCall.IsInfo));
        Assert.Equal(Objects - Changed, Assert.Single(result.Buckets).ReusedObjects);
        Assert.Equal(full.Id, result.Manifest!.Parent);
        await AssertHoldsAsync(result);
    }

    private static NewObject NewObjectOf(int number, int content) =>
        new("docs", $"{number / 1000:D2}/{number:D5}.txt", StoredContent.Generated(content, 20)) { UserMetadata = $$"""{"n":{{content}}}""" };

    // What the server holds, as a full backup over HTTP would find it, without 40,000 requests.
    private async Task<InMemoryObjectStore> CopyAsync(SupabaseStorageStore store)
    {
        var copy = new InMemoryObjectStore { Capabilities = store.Capabilities with { ListsUserMetadata = true } };
        await foreach (var item in store.ListObjectsAsync("docs"))
        {
            var row = _server.State.Find(item.Bucket, item.Name)!;
            copy.With(item with { Version = row.Version, UserMetadata = row.UserMetadata }, new byte[item.Bytes!.Value]);
        }

        return copy;
    }

    private Task<BackupResult> RunAsync(IObjectStore store, BackupRequest request) => new BackupPipelineBuilder()
        .UseObjectStore(store)
        .UseSink(_sink)
        .ConfigureOptions(options => options.CompressionWorkers = 1)
        .Build()
        .RunAsync(request);

    private async Task AssertHoldsAsync(BackupResult result)
    {
        var held = 0;
        var reader = await ArchiveReader.OpenAsync(_sink, result.Id, CancellationToken.None);
        await foreach (var entry in reader.ReadIndexAsync("storage/docs/", CancellationToken.None))
        {
            var row = _server.State.Find("docs", entry.Object!.Name)!;
            Assert.Equal((row.Metadata!.ETag, row.UserMetadata), (entry.Object.ETag, entry.Object.UserMetadata));
            held++;
            if (entry.Backup is null)
            {
                await using var stream = await reader.OpenEntryAsync(entry, CancellationToken.None);
                Assert.True(await row.Content!.EqualsAsync(stream), $"'{row.Name}' is not as it is.");
            }
        }

        Assert.Equal(Objects, held);
    }
}
