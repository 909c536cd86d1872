namespace Backup.Core.Pipeline;

/// <summary>How far the objects of a run are, at one moment.</summary>
/// <param name="Done">The objects that are dealt with.</param>
/// <param name="Total">All objects, where that is known.</param>
/// <param name="Bytes">The size of those that are dealt with and what has been read of the current ones.</param>
/// <param name="TotalBytes">The size of all, where that is known.</param>
/// <param name="ListedBytes">The size of those listed so far.</param>
/// <param name="Current">Those that are being downloaded.</param>
internal readonly record struct ObjectState(
    long Done, long? Total, long Bytes, long? TotalBytes, long ListedBytes, IReadOnlyList<ObjectProgress> Current)
{
    /// <summary>Those of the finished ones that the parent holds.</summary>
    public long Reused { get; init; }

    /// <summary>The size of those.</summary>
    public long ReusedBytes { get; init; }
}
