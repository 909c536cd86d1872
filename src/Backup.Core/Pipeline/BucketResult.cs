namespace Backup.Core.Pipeline;

/// <summary>One bucket of a finished backup.</summary>
/// <param name="Id">The bucket's id.</param>
/// <param name="Objects">The number of its objects that the backup holds.</param>
/// <param name="Bytes">Their size before packing, in bytes.</param>
/// <param name="Failures">The number of its objects that the backup does not hold though they were listed.</param>
/// <param name="Duration">The time from the first object to the last; objects of other buckets were copied meanwhile.</param>
public sealed record BucketResult(string Id, long Objects, long Bytes, long Failures, TimeSpan Duration)
{
    /// <summary>How many of the objects are as they were in the parent: they were not downloaded, and are only referenced; 0 in a full backup.</summary>
    public long ReusedObjects { get; init; }

    /// <summary>The size of those before packing, in bytes.</summary>
    public long ReusedBytes { get; init; }

    /// <summary>The objects that this part of the run downloaded and stored per second of <see cref="Duration"/>; 0 where that is too short to tell.</summary>
    public double ObjectsPerSecond { get; init; }

    /// <summary>The bytes, before packing, that this part of the run downloaded and stored per second of <see cref="Duration"/>; 0 where that is too short to tell.</summary>
    public double BytesPerSecond { get; init; }

    /// <summary>The part of the listed objects that the backup does not hold, from 0 to 1.</summary>
    public double ErrorRate => Objects + Failures == 0 ? 0 : (double)Failures / (Objects + Failures);
}
