using Backup.Core.Pipeline.Memory;

namespace Backup.Core.Pipeline.Stages;

/// <summary>A packed block in small pooled pieces; owns them.</summary>
/// <param name="Segments">The pieces, all full but the last.</param>
/// <param name="Length">How many bytes there are.</param>
/// <param name="IsLast">Whether the entry ends with it.</param>
internal sealed record PackedBlock(PooledBuffer[] Segments, int Length, bool IsLast) : IDisposable
{
    /// <summary>The bytes, in order.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> GetPieces()
    {
        var remaining = Length;
        foreach (var segment in Segments)
        {
            var piece = segment.Memory[..Math.Min(remaining, segment.Memory.Length)];
            remaining -= piece.Length;
            yield return piece;
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
