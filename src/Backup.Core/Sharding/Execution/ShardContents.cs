using Backup.Core.Archives;
using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Distribution;
using Backup.Core.Pipeline.Failures;
using Backup.Core.Pipeline.Sources;
using Backup.Core.Pipeline.Stages;
using Backup.Core.Postgres;

namespace Backup.Core.Sharding.Execution;

/// <summary>The tables and objects of a shard during an attempt: the lanes that copy them, and what has become of them.</summary>
internal sealed class ShardContents
{
    private readonly ShardOrder _order;
    private readonly PipelineParts _parts;
    private readonly RunProgress _progress;
    private readonly List<TableRun> _tables;
    private readonly ObjectFailures _failures;
    private List<BucketRun> _buckets = [];

    /// <summary>Creates them, of which nothing has been copied.</summary>
    public ShardContents(ShardOrder order, PipelineParts parts, RunProgress progress)
    {
        _order = order;
        _parts = parts;
        _progress = progress;
        _failures = new ObjectFailures(LimitOf(order.AllowsFailedObjects), progress.Objects, parts.Logger);
        _tables =
        [
            .. order.Shard.Tables.Select(table => new TableRun(
                table.Info,
                new TableStart { Folder = table.Folder, Layout = new PageLayout(table.HeapBlocks, table.PageBlocks) },
                parts.TimeProvider)),
        ];
        progress.SetTables(_tables);
    }

    /// <summary>The lane that reads the pages; <see langword="null"/> when the shard has none.</summary>
    public DatabaseLane? RowsOf(OpenedSources sources, Retries retries)
    {
        if (_tables.Count == 0 || sources.Snapshot is not { } snapshot)
        {
            return null;
        }

        var failures = new TableFailures(LimitOf(_order.AllowsFailedTables), _tables.Count, [], _parts.Logger);
        return new DatabaseLane(_parts, snapshot, _tables, failures, retries, holdsSchema: false, _progress)
        {
            ReadsSchema = false,
            Parts = [.. _order.Shard.Tables.Zip(_tables, (table, run) => new TablePart(run, table.FirstPage, table.EndPage))],
        };
    }

    /// <summary>The lane that copies the objects; <see langword="null"/> when the shard has none.</summary>
    public StorageLane? ObjectsOf(OpenedSources sources)
    {
        if (_order.Shard.Ranges.Count == 0 || sources is not { Store: { } store, Listing: { } listing })
        {
            return null;
        }

        _buckets = [.. sources.Buckets.Select(bucket => new BucketRun(bucket, default, _parts.TimeProvider))];
        _progress.Objects.SetBuckets(_buckets);
        return new StorageLane(_parts, store, listing, _buckets, _order.Prefix, kept: null, parent: null, isPreview: false, _failures, _progress.Objects)
        {
            Paths = PathsOf(),
        };
    }

    /// <summary>What has become of all of it, once the lanes have ended.</summary>
    /// <param name="written">What the archive holds of it.</param>
    /// <exception cref="Errors.ObjectStoreException">An object was lost on the way.</exception>
    public ShardResult ToResult(ArchiveContents written)
    {
        foreach (var bucket in _buckets)
        {
            bucket.Prove();
        }

        return new ShardResult
        {
            Shard = _order.Shard.Id,
            Attempt = _order.Attempt,
            Volumes = written.Volumes,
            IndexParts = written.IndexParts,
            Entries = written.Entries,
            RawBytes = written.RawBytes,
            Tables = _tables.ConvertAll(ResultOf),
            Ranges = _buckets.ConvertAll(ResultOf),
            Failures = _failures.ToRecords(),
            LastFault = _failures.Last is { } last ? ShardFault.Of(last) : null,
            Retries = _progress.Telemetry.Retries,
            Counts = _progress.ToWorkerCounts(),
        };
    }

    private static FailureLimit LimitOf(bool allowsFailures) => allowsFailures ? FailureLimit.Continue : FailureLimit.FailFast;

    private static ShardTableResult ResultOf(TableRun table)
    {
        var stored = table.Stored;
        return new ShardTableResult(stored.Pages, stored.Rows, stored.RawBytes, table.Failure is { } failure ? ShardFault.Of(failure) : null);
    }

    private static ShardRangeResult ResultOf(BucketRun bucket)
    {
        var (listed, stored, storedBytes, failed) = bucket.Counts;
        return new ShardRangeResult(listed, stored, storedBytes, failed);
    }

    private ObjectPaths PathsOf()
    {
        var paths = new ObjectPaths();
        foreach (var range in _order.Shard.Ranges)
        {
            if (range.Marked is { } marked)
            {
                paths.Prescribe(range.Bucket, marked);
            }
        }

        return paths;
    }
}
