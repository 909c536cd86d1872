using System.IO.Hashing;
using Backup.Core.Archives;
using Backup.Core.Archives.Referencing;
using Backup.Core.Pipeline.Memory;

namespace Backup.Core.Pipeline.Stages.Rows;

/// <summary>Compares an entry, while it is read, with that of the parent, and keeps the blocks that must not be packed until that is known. For one reader.</summary>
/// <param name="parent">The parent's entry; <see langword="null"/> where it has none, so that nothing is the same.</param>
internal sealed class PageComparison(ParentEntry? parent) : IDisposable
{
    private readonly XxHash128 _hash = new();
    private readonly Queue<(PooledBuffer Block, int Length)> _held = new();
    private long _rawBytes;

    /// <summary>Whether blocks are kept back; from the beginning, until they are released.</summary>
    public bool IsHolding { get; private set; } = true;

    /// <summary>How many blocks are kept.</summary>
    public int HeldBlocks => _held.Count;

    /// <summary>Whether it can still turn out to be the same.</summary>
    public bool IsOpen => parent is not null && _rawBytes <= parent.RawBytes;

    /// <summary>The parent's entry, where all bytes that were added are exactly its bytes.</summary>
    public ParentEntry? FindSame() =>
        parent is not null && parent.RawBytes == _rawBytes && parent.Digest == new ContentHash(_hash.GetCurrentHashAsUInt128()) ? parent : null;

    /// <summary>Takes in more bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        _rawBytes += bytes.Length;
        if (IsOpen)
        {
            _hash.Append(bytes);
        }
    }

    /// <summary>Keeps a block, which is this object's from now on.</summary>
    public void Hold(PooledBuffer block, int length) => _held.Enqueue((block, length));

    /// <summary>Gives a kept block to the caller, the first one first; no further one is kept back.</summary>
    /// <returns><see langword="null"/> when there is none left.</returns>
    public (PooledBuffer Block, int Length)? Release()
    {
        IsHolding = false;
        return _held.TryDequeue(out var next) ? next : null;
    }

    /// <summary>Gives the kept blocks back to the pool.</summary>
    public void Dispose()
    {
        while (_held.TryDequeue(out var held))
        {
            held.Block.Dispose();
        }
    }
}
