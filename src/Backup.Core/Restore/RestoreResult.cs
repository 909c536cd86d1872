using Backup.Core.Archives;

namespace Backup.Core.Restore;

/// <summary>What a restore did.</summary>
public sealed record RestoreResult
{
    /// <summary>The backup.</summary>
    public required BackupId Backup { get; init; }

    /// <summary>How it ended.</summary>
    public required RestoreOutcome Outcome { get; init; }

    /// <summary>What the run set out to do.</summary>
    public required RestorePlan Plan { get; init; }

    /// <summary>When the run began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>How many objects were made.</summary>
    public required int Objects { get; init; }

    /// <summary>How many rows were loaded into tables that are complete.</summary>
    public required long Rows { get; init; }

    /// <summary>The size of those rows as text, in bytes.</summary>
    public required long RawBytes { get; init; }

    /// <summary>The tables whose rows were restored, in the order of their names.</summary>
    public required IReadOnlyList<RestoredTable> Tables { get; init; }

    /// <summary>The roles that were created; empty unless the request asks for roles.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>The buckets whose objects were restored, in ordinal order of their ids; empty without an object store.</summary>
    public IReadOnlyList<RestoredBucket> Buckets { get; init; } = [];

    /// <summary>The stored objects that were uploaded.</summary>
    public ObjectCount FilesUploaded => Sum(bucket => bucket.Uploaded);

    /// <summary>The stored objects that were there already and identical.</summary>
    public ObjectCount FilesSkipped => Sum(bucket => bucket.Skipped);

    /// <summary>The stored objects that are not there, or not as the backup has them.</summary>
    public ObjectCount FilesFailed => Sum(bucket => bucket.Failed);

    /// <summary>What is worth knowing though nothing failed, one sentence each: settings of a bucket that differ, times that
    /// could not be put back.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>What failed, in the order in which it did; empty when all is well.</summary>
    public required IReadOnlyList<RestoreFailure> Failures { get; init; }

    private ObjectCount Sum(Func<RestoredBucket, ObjectCount> count) =>
        new(Buckets.Sum(bucket => count(bucket).Objects), Buckets.Sum(bucket => count(bucket).Bytes));
}
