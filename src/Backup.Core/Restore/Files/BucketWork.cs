using Backup.Core.ObjectStores;

namespace Backup.Core.Restore.Files;

/// <summary>One bucket of a restore: what the backup holds of it, what the store has, and what became of its objects.</summary>
/// <remarks>The counts are safe for several threads; the rest is settled before the first object is restored.</remarks>
internal sealed class BucketWork(BucketInfo bucket, long recorded)
{
    /// <summary>The bucket with the settings that the backup has.</summary>
    public BucketInfo Bucket { get; } = bucket;

    /// <summary>How many objects of it the backup says it holds.</summary>
    public long Recorded { get; } = recorded;

    /// <summary>How many the index holds, chosen or not.</summary>
    public long Indexed { get; set; }

    /// <summary>Whether the store had it before.</summary>
    public bool Exists { get; set; }

    /// <summary>How its settings differ from the backup's, where it exists.</summary>
    public IReadOnlyList<string> DifferingSettings { get; set; } = [];

    /// <summary>Whether it holds none of the objects' names, so that none has to be looked up.</summary>
    public bool IsEmpty { get; set; }

    /// <summary>Whether this run has created it.</summary>
    public bool IsCreated { get; set; }

    /// <summary>Whether it could not be created, so that nothing can be put into it.</summary>
    public bool IsLost { get; set; }

    /// <summary>The objects that were chosen.</summary>
    public ObjectTally Chosen { get; } = new();

    /// <summary>Those that were uploaded and are, or may have been, new.</summary>
    public ObjectTally Created { get; } = new();

    /// <summary>Those that were uploaded in place of another.</summary>
    public ObjectTally Overwritten { get; } = new();

    /// <summary>Those that were there already and identical.</summary>
    public ObjectTally Skipped { get; } = new();

    /// <summary>Those that were there already and may not be overwritten.</summary>
    public ObjectTally Conflicting { get; } = new();

    /// <summary>The bucket of the plan.</summary>
    /// <param name="isForecast">Whether its objects were compared with the store's.</param>
    public PlannedBucket ToPlan(bool isForecast) => new()
    {
        Id = Bucket.Id,
        Exists = Exists,
        DifferingSettings = DifferingSettings,
        Chosen = Chosen.Count,
        Forecast = isForecast
            ? new BucketForecast(Created.Count, Skipped.Count, Overwritten.Count, Conflicting.Count)
            : null,
    };

    /// <summary>The bucket of the result: whatever was chosen and is neither uploaded nor skipped has failed.</summary>
    public RestoredBucket ToResult()
    {
        var (chosen, created, overwritten, skipped) = (Chosen.Count, Created.Count, Overwritten.Count, Skipped.Count);
        var uploaded = new ObjectCount(created.Objects + overwritten.Objects, created.Bytes + overwritten.Bytes);
        return new RestoredBucket(
            Bucket.Id,
            IsCreated,
            uploaded,
            skipped,
            new ObjectCount(chosen.Objects - uploaded.Objects - skipped.Objects, chosen.Bytes - uploaded.Bytes - skipped.Bytes));
    }
}
