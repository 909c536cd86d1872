namespace Backup.Core.Pipeline.Memory;

/// <summary>A lent buffer. It has one owner at a time; the owner hands it on or disposes it. Disposing it again does nothing.</summary>
internal sealed class PooledBuffer : IDisposable
{
    private readonly BufferPool _pool;
    private byte[]? _array;

    /// <summary>Called by the pool.</summary>
    internal PooledBuffer(BufferPool pool, byte[] array)
    {
        _pool = pool;
        _array = array;
    }

    /// <summary>All of its bytes.</summary>
    public Memory<byte> Memory => _array ?? throw new ObjectDisposedException(nameof(PooledBuffer));

    /// <summary>All of its bytes.</summary>
    public Span<byte> Span => _array ?? throw new ObjectDisposedException(nameof(PooledBuffer));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _array, null) is { } array)
        {
            _pool.Return(array);
        }
    }
}
