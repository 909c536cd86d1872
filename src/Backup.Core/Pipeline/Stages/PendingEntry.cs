using Backup.Core.Archives;
using Backup.Core.Compression;
using Backup.Core.Pipeline.Memory;

namespace Backup.Core.Pipeline.Stages;

/// <summary>One entry on its way into the archive: its share of the memory, its digests, and its packed blocks in their order.</summary>
/// <remarks>
/// <para>Three parties use it at once. The reader takes blocks and appends them; the packers deliver them packed, in any order;
/// the archive stage takes the packed bytes. Whoever holds it last disposes it: the reader until it is in the archive's
/// channel, the archive stage from then on.</para>
/// <para>Why nobody waits for ever: docs/architecture.md, "Memory".</para>
/// </remarks>
internal abstract class PendingEntry : ArchiveItem
{
    private readonly Lock _gate = new();
    private readonly MemoryReservation _share;
    private readonly EntrySizes _sizes;
    private readonly EntryContext _context;

    // Reader only.
    private readonly ContentDigest _digest = new();
    private int _nextSequence;

    // Under _gate.
    private readonly PackedBlocks _packed = new();
    private long _freeBytes;
    private int _blocksBeingPacked;
    private bool _isWhole;
    private bool _isStreamed;
    private bool _isDisposed;
    private TaskCompletionSource? _readerWaits;
    private TaskCompletionSource? _archiveWaits;

    /// <summary>Creates an entry without blocks, which owns its share from now on.</summary>
    /// <param name="header">What the archive says of it.</param>
    /// <param name="compressor">What packs it; of the header's method.</param>
    /// <param name="share">Its memory, enough for at least one block.</param>
    /// <param name="sizes">The sizes of its buffers.</param>
    /// <param name="context">What all entries have in common.</param>
    protected PendingEntry(
        EntryHeader header, ICompressor compressor, MemoryReservation share, EntrySizes sizes, EntryContext context)
    {
        Header = header;
        Compressor = compressor;
        _share = share;
        _sizes = sizes;
        _context = context;
        _freeBytes = share.Bytes;
    }

    /// <summary>What the archive says of the entry beside its content.</summary>
    public EntryHeader Header { get; }

    /// <summary>What packs its blocks.</summary>
    public ICompressor Compressor { get; }

    /// <summary>The raw bytes appended so far. For the reader; for the archive stage once the entry is whole.</summary>
    public long RawBytes => _digest.RawBytes;

    /// <summary>Whether the archive stage gets its blocks one by one, because it outgrew its share.</summary>
    public bool IsStreamed
    {
        get
        {
            lock (_gate)
            {
                return _isStreamed;
            }
        }
    }

    /// <summary>Whether <see cref="RentBlockAsync"/> finds memory for a block in the share without waiting. For the reader.</summary>
    public bool HasRoom
    {
        get
        {
            lock (_gate)
            {
                return _freeBytes >= _sizes.BlockCostBytes;
            }
        }
    }

    /// <summary>Whether the bytes stop short of the entry's end, because the reading failed. Set by the reader before its last block.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>Takes a buffer to read into, and reserves the most that it can become when packed.</summary>
    /// <remarks>
    /// Where the share is used up, blocks that are being packed will give some of it back. When there are none, only the
    /// archive stage can: the entry then goes to it as it is, and is written block by block from there on.
    /// </remarks>
    public async ValueTask<PooledBuffer> RentBlockAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task freed;
            var goesToArchive = false;
            lock (_gate)
            {
                if (_freeBytes >= _sizes.BlockCostBytes)
                {
                    _freeBytes -= _sizes.BlockCostBytes;
                    return _context.Buffers.Rent(_sizes.BlockBytes);
                }

                if (_blocksBeingPacked == 0 && !_isStreamed)
                {
                    _isStreamed = true;
                    goesToArchive = true;
                }

                _readerWaits = new(TaskCreationOptions.RunContinuationsAsynchronously);
                freed = _readerWaits.Task;
            }

            if (goesToArchive)
            {
                SendToArchive();
            }

            await freed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Appends a block. The caller sends the returned item to the packers.</summary>
    /// <param name="block">The buffer, whose ownership passes to the item.</param>
    /// <param name="length">How many of its bytes are the entry's.</param>
    /// <param name="isLast">Whether the entry ends with it.</param>
    public PackItem Append(PooledBuffer block, int length, bool isLast)
    {
        _digest.Append(block.Span[..length]);
        lock (_gate)
        {
            _blocksBeingPacked++;
            _isWhole = isLast;
        }

        return new PackItem(this, block, length, _nextSequence++, isLast);
    }

    /// <summary>Takes back a buffer that was not appended.</summary>
    public void Return(PooledBuffer block)
    {
        block.Dispose();
        lock (_gate)
        {
            _freeBytes += _sizes.BlockCostBytes;
        }
    }

    /// <summary>Says that the block to come ends the entry before what it is of has ended.</summary>
    public void Truncate() => IsTruncated = true;

    /// <summary>Takes in a block that has been packed. Called by packers, never waits.</summary>
    /// <param name="item">The block, which is given back here.</param>
    /// <param name="packed">What it became; copied.</param>
    public void Deliver(PackItem item, ReadOnlySpan<byte> packed)
    {
        var block = new PackedBlock(item.Sequence, Copy(packed), packed.Length, item.IsLast);

        // Before its bytes are credited: the reader may take the next block at once.
        item.Block.Dispose();
        Deliver(block);
    }

    /// <summary>Takes in a block that is stored as it is. Called by the reader, never waits.</summary>
    /// <param name="item">The block, which is the entry's from now on.</param>
    public void DeliverStored(PackItem item) => Deliver(new PackedBlock(item.Sequence, [item.Block], item.Length, item.IsLast));

    /// <summary>Says that a block will never be delivered, because the run stops: nobody will finish this entry.</summary>
    public void Lose()
    {
        lock (_gate)
        {
            _blocksBeingPacked--;
            _isDisposed = true;
            FreeAll();
        }
    }

    /// <summary>What the index says of the entry. For the archive stage, once it is whole.</summary>
    public EntryContent GetContent() => _digest.ToContent();

    /// <summary>All packed bytes, in order. For the archive stage, of an entry that is not streamed.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> GetPacked()
    {
        lock (_gate)
        {
            return _packed.GetPieces();
        }
    }

    /// <summary>Waits for the next packed block of a streamed entry. The archive stage gives it back with <see cref="Release"/>.</summary>
    public async ValueTask<PackedBlock> TakeNextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task arrived;
            lock (_gate)
            {
                if (_packed.TakeNext() is { } block)
                {
                    return block;
                }

                _archiveWaits = new(TaskCreationOptions.RunContinuationsAsynchronously);
                arrived = _archiveWaits.Task;
            }

            await arrived.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Gives a written block's memory to the reader.</summary>
    public void Release(PackedBlock block)
    {
        block.Dispose();
        lock (_gate)
        {
            _freeBytes += block.CostBytes;
            Signal(ref _readerWaits);
        }
    }

    /// <summary>Told that nothing of the entry is in the archive and never will be: by the reader that gives it up, or by the
    /// archive stage of a truncated one.</summary>
    public abstract void OnDropped();

    /// <summary>Gives back all memory; blocks that are still being packed give theirs back when they arrive.</summary>
    public override void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            FreeAll();
        }
    }

    private static void Signal(ref TaskCompletionSource? waiting)
    {
        waiting?.TrySetResult();
        waiting = null;
    }

    private void Deliver(PackedBlock block)
    {
        bool isFinished;
        lock (_gate)
        {
            _blocksBeingPacked--;
            _packed.Insert(block);
            _freeBytes += _sizes.BlockCostBytes - block.CostBytes;
            isFinished = _isWhole && _blocksBeingPacked == 0 && !_isStreamed && !_isDisposed;
            Signal(ref _readerWaits);
            Signal(ref _archiveWaits);
            if (_isDisposed)
            {
                FreeAll();
            }
        }

        if (isFinished)
        {
            SendToArchive();
        }
    }

    private PooledBuffer[] Copy(ReadOnlySpan<byte> packed)
    {
        var size = _sizes.SegmentBytes;
        var segments = new PooledBuffer[_sizes.SegmentCost(packed.Length) / size];
        for (var index = 0; index < segments.Length; index++)
        {
            var piece = packed.Slice(index * size, Math.Min(size, packed.Length - (index * size)));
            segments[index] = _context.Buffers.Rent(size);
            piece.CopyTo(segments[index].Span);
        }

        return segments;
    }

    private void FreeAll()
    {
        _packed.Free();
        if (_blocksBeingPacked == 0)
        {
            _share.Dispose();
        }
    }

    // The channel holds as many entries as there are shares, so it is never full; only a stopped run has closed it.
    private void SendToArchive()
    {
        if (!_context.Finished.TryWrite(this))
        {
            Dispose();
        }
    }
}
