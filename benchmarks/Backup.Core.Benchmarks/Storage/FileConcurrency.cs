using Backup.Core.Benchmarks.Setup;
using Backup.Core.ObjectStores;
using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.Core.Pipeline;
using Backup.TestKit.Sinks;
using BenchmarkDotNet.Attributes;

namespace Backup.Core.Benchmarks.Storage;

/// <summary>How many files should be downloaded at once? 64 files of 32 to 64 KiB, from a server near by and from one far away.</summary>
public class FileConcurrency : MeasuredBenchmark
{
    private SupabaseStorageStore _store = null!;

    /// <summary>Downloads at once.</summary>
    [Params(1, 2, 4, 8, 16)]
    public int Transfers { get; set; }

    /// <summary>How long the server takes before it answers a download.</summary>
    [Params(0, 30)]
    public int Milliseconds { get; set; }

    /// <inheritdoc/>
    public override Task SetUpAsync()
    {
        _store = StorageAccess.Open(Milliseconds == 0 ? SharedStorage.NearVariable : SharedStorage.FarVariable);
        return Task.CompletedTask;
    }

    /// <summary>A whole backup of the bucket.</summary>
    [Benchmark]
    public async Task Backup()
    {
        var pipeline = new BackupPipelineBuilder()
            .UseObjectStore(_store)
            .UseSink(new DiscardingSink())
            .ConfigureOptions(options => options.Transfers = Transfers)
            .Build();
        var result = await pipeline.RunAsync(new BackupRequest { Objects = new ObjectSelection { Buckets = [StorageAccess.Files] } });
        Processed(result.Totals.RawBytes, result.Totals.StoredBytes);
    }

    /// <inheritdoc/>
    protected override Task ReleaseAsync()
    {
        _store.Dispose();
        return Task.CompletedTask;
    }
}
