using Backup.Core.Pipeline.Memory;

namespace Backup.Core.Pipeline.Stages;

/// <summary>A block of rows on its way to a packer; owns the buffer.</summary>
internal sealed class PackItem(PageEntry entry, PooledBuffer block, int length, int sequence, bool isLast) : IDisposable
{
    private bool _isDelivered;

    /// <summary>The buffer.</summary>
    public PooledBuffer Block { get; } = block;

    /// <summary>The block's number in its entry, from 0.</summary>
    public int Sequence { get; } = sequence;

    /// <summary>Whether the entry ends with it.</summary>
    public bool IsLast { get; } = isLast;

    /// <summary>How many of the buffer's bytes are rows.</summary>
    public int Length { get; } = length;

    /// <summary>How many rows end in the block.</summary>
    public required long RowCount { get; init; }

    /// <summary>The rows.</summary>
    public ReadOnlySpan<byte> Rows => Block.Span[..Length];

    /// <summary>Hands what the block became to its entry.</summary>
    public void Deliver(ReadOnlySpan<byte> packed)
    {
        _isDelivered = true;
        entry.Deliver(this, packed);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Block.Dispose();
        if (!_isDelivered)
        {
            _isDelivered = true;
            entry.Lose();
        }
    }
}
