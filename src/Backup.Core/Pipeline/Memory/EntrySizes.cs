namespace Backup.Core.Pipeline.Memory;

/// <summary>The sizes of the buffers that one entry takes, in bytes.</summary>
/// <param name="BlockBytes">The size of a raw block.</param>
/// <param name="MaxPackedBytes">The most that a block can become.</param>
internal readonly record struct EntrySizes(int BlockBytes, int MaxPackedBytes)
{
    private const int MinSegmentBytes = 1024;
    private const int MaxSegmentBytes = 64 * 1024;
    private const int SegmentsPerBlock = 16;

    /// <summary>The size of the pieces that packed bytes wait in, so that a small packed block does not pin a large buffer.</summary>
    public int SegmentBytes => Math.Clamp(BlockBytes / SegmentsPerBlock, MinSegmentBytes, MaxSegmentBytes);

    /// <summary>What is taken out of an entry's share before a block is read: the block and the most it can become.</summary>
    public int BlockCostBytes => BlockBytes + SegmentCost(MaxPackedBytes);

    /// <summary>A packed size rounded up to whole segments.</summary>
    public int SegmentCost(int packedBytes) => (packedBytes + SegmentBytes - 1) / SegmentBytes * SegmentBytes;
}
