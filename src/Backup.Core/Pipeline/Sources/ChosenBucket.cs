using Backup.Core.ObjectStores;

namespace Backup.Core.Pipeline.Sources;

/// <summary>A bucket that a run copies.</summary>
/// <param name="Info">The bucket and its settings.</param>
/// <param name="Objects">How many objects its listing must give; <see langword="null"/> where nobody could count them.</param>
/// <param name="Bytes">The sum of their sizes, as far as these are known; <see langword="null"/> like the number.</param>
internal sealed record ChosenBucket(BucketInfo Info, long? Objects, long? Bytes)
{
    /// <summary>Whether it is there no more: only what an earlier part of the run stored of it is left.</summary>
    public bool IsGone { get; init; }
}
