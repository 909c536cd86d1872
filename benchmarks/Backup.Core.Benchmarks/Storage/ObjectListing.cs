using Backup.Core.Benchmarks.Setup;
using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.Core.Postgres;
using Backup.Core.Postgres.StoredObjects;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Backup.Core.Benchmarks.Storage;

/// <summary>How should the objects of a bucket be listed? 5,000 of them, in five folders.</summary>
public class ObjectListing : MeasuredBenchmark
{
    private PostgresSource _source = null!;
    private SnapshotSession _session = null!;
    private SnapshotObjects _objects = null!;
    private SupabaseStorageStore _store = null!;
    private SupabaseStorageStore _oldStore = null!;

    /// <inheritdoc/>
    public override async Task SetUpAsync()
    {
        _source = PostgresSource.FromConnectionString(SharedServers.Read(SharedStorage.DatabaseVariable));
        _session = await SnapshotSession.OpenAsync(
            _source,
            TableSelection.Everything,
            new SnapshotOptions { Connections = 1, ListsObjects = true },
            NullLogger.Instance,
            CancellationToken.None);
        _objects = await _session.OpenObjectsAsync(CancellationToken.None)
            ?? throw new InvalidOperationException("The database does not show its objects.");
        _store = StorageAccess.Open(SharedStorage.NearVariable);
        _oldStore = StorageAccess.Open(SharedStorage.OldVariable);
    }

    /// <summary>From <c>storage.objects</c>, in the backup's snapshot.</summary>
    [Benchmark(Baseline = true)]
    public ValueTask<int> Database() => _objects.ListObjectsAsync(StorageAccess.Names, "", CancellationToken.None).CountAsync();

    /// <summary>Over the API, by cursor.</summary>
    [Benchmark]
    public ValueTask<int> ListV2() => _store.ListObjectsAsync(StorageAccess.Names).CountAsync();

    /// <summary>Over the API of older servers, folder by folder.</summary>
    [Benchmark]
    public ValueTask<int> ListV1() => _oldStore.ListObjectsAsync(StorageAccess.Names).CountAsync();

    /// <inheritdoc/>
    protected override async Task ReleaseAsync()
    {
        _store.Dispose();
        _oldStore.Dispose();
        await _objects.DisposeAsync();
        await _session.DisposeAsync();
        await _source.DisposeAsync();
    }
}
