namespace Backup.Core.Pipeline.Distribution;

/// <summary>How much a worker has copied, or how much more since it was asked before.</summary>
/// <param name="Blocks">The table blocks read, as far as pages tell.</param>
/// <param name="Rows">The rows read.</param>
/// <param name="RawBytes">Their size, in bytes.</param>
/// <param name="Objects">The objects dealt with.</param>
/// <param name="ObjectBytes">The size of these and of what has been read of the current ones, in bytes.</param>
/// <param name="StoredBytes">What was written into volumes, in bytes.</param>
internal readonly record struct WorkerCounts(double Blocks, long Rows, long RawBytes, long Objects, long ObjectBytes, long StoredBytes)
{
    /// <summary>How much one is more than the other.</summary>
    public static WorkerCounts operator -(in WorkerCounts left, in WorkerCounts right) => new(
        left.Blocks - right.Blocks,
        left.Rows - right.Rows,
        left.RawBytes - right.RawBytes,
        left.Objects - right.Objects,
        left.ObjectBytes - right.ObjectBytes,
        left.StoredBytes - right.StoredBytes);
}
