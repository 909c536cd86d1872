namespace Backup.Core.Pipeline.Memory;

/// <summary>Lends the buffers of one run and keeps returned ones for the next loan. For any number of threads.</summary>
/// <remarks>
/// Not <c>ArrayPool</c>: it rounds 1 MiB and a bit up to 2 MiB, keeps what was returned beyond the run, and cannot say whether
/// all came back. Buffers are pinned, so that the collector never moves or copies them, and are not cleared.
/// </remarks>
internal sealed class BufferPool
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, Stack<byte[]>> _free = [];
    private readonly long _capacityBytes;
    private long _keptBytes;
    private long _liveBytes;
    private long _peakBytes;

    /// <summary>Creates an empty pool.</summary>
    /// <param name="capacityBytes">Lent and kept buffers together are never more than this, as long as no more is lent.</param>
    public BufferPool(long capacityBytes) => _capacityBytes = capacityBytes;

    /// <summary>The size of all buffers that are lent now.</summary>
    public long LiveBytes => Interlocked.Read(ref _liveBytes);

    /// <summary>The most that was lent at one moment.</summary>
    public long PeakBytes => Interlocked.Read(ref _peakBytes);

    /// <summary>Lends a buffer of exactly the size asked for, with any content.</summary>
    /// <returns>The buffer; whoever owns it last disposes it.</returns>
    public PooledBuffer Rent(int bytes)
    {
        lock (_gate)
        {
            _liveBytes += bytes;
            _peakBytes = Math.Max(_peakBytes, _liveBytes);
            if (_free.TryGetValue(bytes, out var kept) && kept.TryPop(out var array))
            {
                _keptBytes -= bytes;
                return new PooledBuffer(this, array);
            }

            // What was kept for blocks must not stay beside what is now needed for packed pieces. No more of it goes than has to: each
            // array that is given up is garbage until the collector looks at all that is pinned, which it seldom does.
            while (_keptBytes > 0 && _liveBytes + _keptBytes > _capacityBytes)
            {
                GiveUpOne();
            }
        }

        return new PooledBuffer(this, GC.AllocateUninitializedArray<byte>(bytes, pinned: true));
    }

    /// <summary>Gives up all buffers that are not lent, for the collector to take.</summary>
    public void Trim()
    {
        lock (_gate)
        {
            _free.Clear();
            _keptBytes = 0;
        }
    }

    // Of the size of which most bytes are kept.
    private void GiveUpOne()
    {
        var (mostSize, mostBytes) = (0, 0L);
        foreach (var (size, arrays) in _free)
        {
            var bytes = (long)size * arrays.Count;
            (mostSize, mostBytes) = bytes > mostBytes ? (size, bytes) : (mostSize, mostBytes);
        }

        _free[mostSize].Pop();
        _keptBytes -= mostSize;
    }

    /// <summary>Takes a buffer back. Called by <see cref="PooledBuffer"/> only.</summary>
    internal void Return(byte[] array)
    {
        lock (_gate)
        {
            _liveBytes -= array.Length;
            if (!_free.TryGetValue(array.Length, out var kept))
            {
                _free[array.Length] = kept = new Stack<byte[]>();
            }

            kept.Push(array);
            _keptBytes += array.Length;
        }
    }
}
