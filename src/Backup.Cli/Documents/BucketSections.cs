using System.Text.Json;
using Backup.Core.Archives.Manifest;
using Backup.Core.Pipeline;
using Backup.Core.Restore;

namespace Backup.Cli.Documents;

/// <summary>One bucket of a new backup.</summary>
internal sealed record CreatedBucketSection
{
    /// <summary>The bucket's id.</summary>
    public required string Id { get; init; }

    /// <summary>The number of its objects in the backup.</summary>
    public required long Objects { get; init; }

    /// <summary>Their size before packing.</summary>
    public required long RawBytes { get; init; }

    /// <summary>The number of its objects that are missing.</summary>
    public required long Failures { get; init; }

    /// <summary>The time from the first object to the last.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>Makes the section.</summary>
    public static CreatedBucketSection Of(BucketResult bucket) => new()
    {
        Id = bucket.Id,
        Objects = bucket.Objects,
        RawBytes = bucket.Bytes,
        Failures = bucket.Failures,
        DurationSeconds = bucket.Duration.TotalSeconds,
    };
}

/// <summary>The object store of a backup.</summary>
internal sealed record StorageDocumentSection
{
    /// <summary>Where it was, without secrets.</summary>
    public required string Location { get; init; }

    /// <summary>How its objects were listed: <c>database</c> or <c>store</c>.</summary>
    public required string Listing { get; init; }

    /// <summary>The prefix of the chosen names.</summary>
    public required string Prefix { get; init; }

    /// <summary>The buckets.</summary>
    public required IReadOnlyList<ShownBucketSection> Buckets { get; init; }

    /// <summary>Makes the section.</summary>
    public static StorageDocumentSection Of(StorageSection storage) => new()
    {
        Location = storage.Location,
        Listing = JsonNamingPolicy.CamelCase.ConvertName(storage.Listing.ToString()),
        Prefix = storage.Prefix,
        Buckets =
        [
            .. storage.Buckets.Select(bucket => new ShownBucketSection
            {
                Id = bucket.Id,
                Path = bucket.Path,
                Listed = bucket.Listed,
                Objects = bucket.Objects,
                RawBytes = bucket.RawBytes,
            }),
        ],
    };
}

/// <summary>One bucket of a backup.</summary>
internal sealed record ShownBucketSection
{
    /// <summary>The bucket's id.</summary>
    public required string Id { get; init; }

    /// <summary>The folder of its objects inside the volumes.</summary>
    public required string Path { get; init; }

    /// <summary>The number of objects that the listing named.</summary>
    public required long Listed { get; init; }

    /// <summary>The number of objects in the backup.</summary>
    public required long Objects { get; init; }

    /// <summary>Their size before packing.</summary>
    public required long RawBytes { get; init; }
}

/// <summary>A number of files and their size.</summary>
internal sealed record FileCountSection
{
    /// <summary>How many.</summary>
    public required long Objects { get; init; }

    /// <summary>Their size.</summary>
    public required long Bytes { get; init; }

    /// <summary>Makes the section.</summary>
    public static FileCountSection Of(ObjectCount count) => new() { Objects = count.Objects, Bytes = count.Bytes };
}

/// <summary>One bucket that files were restored into.</summary>
internal sealed record RestoredBucketSection
{
    /// <summary>The bucket's id.</summary>
    public required string Id { get; init; }

    /// <summary>Whether the run created it.</summary>
    public required bool Created { get; init; }

    /// <summary>The files that were uploaded.</summary>
    public required FileCountSection Uploaded { get; init; }

    /// <summary>The files that were there already and identical.</summary>
    public required FileCountSection Skipped { get; init; }

    /// <summary>The files that are not there.</summary>
    public required FileCountSection Failed { get; init; }

    /// <summary>Makes the section.</summary>
    public static RestoredBucketSection Of(RestoredBucket bucket) => new()
    {
        Id = bucket.Id,
        Created = bucket.IsCreated,
        Uploaded = FileCountSection.Of(bucket.Uploaded),
        Skipped = FileCountSection.Of(bucket.Skipped),
        Failed = FileCountSection.Of(bucket.Failed),
    };
}

/// <summary>One bucket that files would be restored into.</summary>
internal sealed record PlannedBucketSection
{
    /// <summary>The bucket's id.</summary>
    public required string Id { get; init; }

    /// <summary>Whether the store has it.</summary>
    public required bool Exists { get; init; }

    /// <summary>How its settings differ from the backup's.</summary>
    public required IReadOnlyList<string> DifferingSettings { get; init; }

    /// <summary>The chosen files.</summary>
    public required FileCountSection Files { get; init; }

    /// <summary>Those that would be uploaded because the bucket lacks them.</summary>
    public FileCountSection? Restore { get; init; }

    /// <summary>Those that are there already and identical.</summary>
    public FileCountSection? Skip { get; init; }

    /// <summary>Those that would be overwritten.</summary>
    public FileCountSection? Overwrite { get; init; }

    /// <summary>Those that would fail, because they are there already.</summary>
    public FileCountSection? Conflict { get; init; }

    /// <summary>Makes the section.</summary>
    public static PlannedBucketSection Of(PlannedBucket bucket) => new()
    {
        Id = bucket.Id,
        Exists = bucket.Exists,
        DifferingSettings = bucket.DifferingSettings,
        Files = FileCountSection.Of(bucket.Chosen),
        Restore = bucket.Forecast is { } forecast ? FileCountSection.Of(forecast.Created) : null,
        Skip = bucket.Forecast is { } skipping ? FileCountSection.Of(skipping.Skipped) : null,
        Overwrite = bucket.Forecast is { } overwriting ? FileCountSection.Of(overwriting.Overwritten) : null,
        Conflict = bucket.Forecast is { } conflicting ? FileCountSection.Of(conflicting.Conflicting) : null,
    };
}
