using Backup.Core.Archives;
using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Distribution;
using Backup.Core.Postgres;
using Backup.Core.Sharding.Planning;
using Backup.Core.Sharding.Execution;

namespace Backup.Core.Sharding.Coordination;

/// <summary>Counts what shards have given in the run's own tables and buckets, each shard once. For any number of threads.</summary>
/// <remarks>A table has an announced page for each of its shards, and is finished when the last of them is dealt with.</remarks>
internal sealed class ShardTally(DistributedWork work)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<QualifiedName, TableRun> _tables = work.Job.Tables.ToDictionary(table => table.Info.Name);
    private readonly Dictionary<string, BucketRun> _buckets = work.Job.Buckets.ToDictionary(bucket => bucket.Id, StringComparer.Ordinal);

    // Under _gate.
    private readonly HashSet<int> _done = [];
    private readonly List<ArchiveContents> _contents = [];

    /// <summary>What the shards have made durable so far.</summary>
    public IReadOnlyList<ArchiveContents> Contents
    {
        get
        {
            lock (_gate)
            {
                return [.. _contents];
            }
        }
    }

    /// <summary>Says what there is to come of each table.</summary>
    public void Announce(ShardPlan plan)
    {
        foreach (var table in plan.Shards.SelectMany(shard => shard.Tables))
        {
            RunOf(table).AddPage();
        }

        foreach (var table in work.Job.Tables)
        {
            work.Progress.CompletePage(table);
        }
    }

    /// <summary>Says that a worker reads a shard.</summary>
    public void BeginReading(Shard shard)
    {
        foreach (var table in shard.Tables)
        {
            work.Progress.BeginPage(RunOf(table));
        }
    }

    /// <summary>Says that the worker has ended, well or not.</summary>
    public void EndReading(Shard shard)
    {
        foreach (var table in shard.Tables)
        {
            work.Progress.EndPart(RunOf(table));
        }
    }

    /// <summary>A shard's pages as parts of the run's own tables.</summary>
    public IEnumerable<TablePart> PartsOf(Shard shard) => shard.Tables.Select(table => new TablePart(RunOf(table), table.FirstPage, table.EndPage));

    /// <summary>Counts what a shard has given.</summary>
    /// <exception cref="InvalidOperationException">It was counted before.</exception>
    /// <exception cref="Errors.BackupException">More has failed than may.</exception>
    public void Add(Shard shard, ShardResult result)
    {
        lock (_gate)
        {
            if (!_done.Add(shard.Id))
            {
                throw new InvalidOperationException($"{shard} was done before.");
            }

            _contents.Add(new ArchiveContents(
                result.Volumes, result.IndexParts, result.Entries, result.RawBytes, result.Volumes.Sum(volume => volume.Bytes)));
        }

        work.Progress.Telemetry.AddRetries(result.Retries);
        foreach (var (table, given) in shard.Tables.Zip(result.Tables))
        {
            var run = RunOf(table);
            run.AddStoredElsewhere(given.Pages, given.Rows, given.RawBytes, table.Fraction);
            if (given.Fault is { } fault)
            {
                var failure = fault.ToDatabaseException();
                work.Progress.Telemetry.AddFailedTable(failure);
                work.Tables!.Add(run, failure);
            }

            work.Progress.CompletePage(run);
        }

        foreach (var (range, given) in shard.Ranges.Zip(result.Ranges))
        {
            _buckets[range.Bucket].AddElsewhere(given.Listed, given.Stored, given.StoredBytes, given.Failed);
            work.Progress.Telemetry.AddObject(range.Bucket, given.Stored);
        }

        if (result.LastFault is { } last)
        {
            work.Objects.AddElsewhere(result.Failures, last.ToObjectStoreException());
        }
    }

    private TableRun RunOf(ShardTable table) => _tables[table.Info.Name];
}
