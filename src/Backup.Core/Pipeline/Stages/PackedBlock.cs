using Backup.Core.Pipeline.Memory;

namespace Backup.Core.Pipeline.Stages;

/// <summary>A block as it is to be stored, in pooled pieces; owns them.</summary>
/// <param name="Sequence">The block's number in its entry, from 0.</param>
/// <param name="Segments">The pieces, all full but the last: small ones of a packed block, the raw block itself where nothing was packed.</param>
/// <param name="Length">How many bytes there are.</param>
/// <param name="IsLast">Whether the entry ends with it.</param>
internal sealed record PackedBlock(int Sequence, PooledBuffer[] Segments, int Length, bool IsLast) : IDisposable
{
    /// <summary>The memory that the pieces take, in bytes.</summary>
    public int CostBytes { get; } = Segments.Sum(segment => segment.Memory.Length);

    /// <summary>Appends the bytes, in order, to a list.</summary>
    public void AddPiecesTo(List<ReadOnlyMemory<byte>> pieces)
    {
        var remaining = Length;
        foreach (var segment in Segments)
        {
            var piece = segment.Memory[..Math.Min(remaining, segment.Memory.Length)];
            remaining -= piece.Length;
            pieces.Add(piece);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var segment in Segments)
        {
            segment.Dispose();
        }
    }
}
