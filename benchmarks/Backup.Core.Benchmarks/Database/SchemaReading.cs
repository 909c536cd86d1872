using Backup.Core.Benchmarks.Setup;
using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Backup.Core.Benchmarks.Database;

/// <summary>What does it save to take the schema that was read before, and what does it cost to find out whether it is the same?</summary>
public class SchemaReading : MeasuredBenchmark
{
    private readonly SchemaLookup _seen = new(new SchemaCache());
    private PostgresSource _source = null!;
    private SnapshotSession _session = null!;

    /// <summary>Tables of the database.</summary>
    [Params(3, SharedServers.SmallTables)]
    public int Tables { get; set; }

    /// <inheritdoc/>
    public override async Task SetUpAsync()
    {
        _source = PostgresSource.FromConnectionString(Tables == SharedServers.SmallTables ? SharedServers.Small : SharedServers.Mixed);
        _session = await SnapshotSession.OpenAsync(
            _source,
            TableSelection.Everything,
            new SnapshotOptions { Connections = 1 },
            NullLogger.Instance,
            CancellationToken.None);
        await SchemaSeenBefore();
    }

    /// <summary>From the catalogs alone.</summary>
    [Benchmark(Baseline = true)]
    public async Task<int> Catalogs() =>
        (await SchemaReader.ReadAsync(_session.Connection, TableSelection.Everything, CancellationToken.None)).Entries.Count;

    /// <summary>From the catalogs, after their fingerprint has shown that they must be read; kept for the next time.</summary>
    [Benchmark]
    public Task<int> SchemaNotSeenBefore() => LookUpAsync(new SchemaLookup(new SchemaCache()));

    /// <summary>By the fingerprint, from what was kept.</summary>
    [Benchmark]
    public Task<int> SchemaSeenBefore() => LookUpAsync(_seen);

    /// <inheritdoc/>
    protected override async Task ReleaseAsync()
    {
        await _session.DisposeAsync();
        await _source.DisposeAsync();
    }

    private async Task<int> LookUpAsync(SchemaLookup lookup) =>
        (await _session.ReadSchemaAsync(lookup, TableSelection.Everything, known: null, CancellationToken.None)).Entries.Count;
}
