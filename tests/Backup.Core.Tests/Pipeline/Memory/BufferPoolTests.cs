using System.Runtime.InteropServices;
using Backup.Core.Pipeline.Memory;

namespace Backup.Core.Tests.Pipeline.Memory;

public sealed class BufferPoolTests
{
    [Fact]
    public void Rent_AfterReturn_GivesTheSameBuffer()
    {
        var pool = new BufferPool(1000);
        var first = pool.Rent(100);
        var array = ArrayOf(first);
        first.Dispose();

        using var second = pool.Rent(100);

        Assert.Same(array, ArrayOf(second));
        Assert.Equal(100, pool.LiveBytes);
    }

    [Fact]
    public void Dispose_Twice_ReturnsTheBufferOnce()
    {
        var pool = new BufferPool(1000);
        var buffer = pool.Rent(100);

        buffer.Dispose();
        buffer.Dispose();

        using var one = pool.Rent(100);
        using var two = pool.Rent(100);
        one.Span.Clear();
        two.Span.Fill(1);
        Assert.Equal(0, one.Span[0]);
        Assert.Equal(200, pool.LiveBytes);
        Assert.Equal(200, pool.PeakBytes);
    }

    [Fact]
    public void Rent_AnotherSizeBeyondTheCapacity_GivesKeptBuffersUp()
    {
        var pool = new BufferPool(250);
        var small = pool.Rent(100);
        var array = ArrayOf(small);
        small.Dispose();

        pool.Rent(200).Dispose();

        using var again = pool.Rent(100);
        Assert.NotSame(array, ArrayOf(again));
    }

    [Fact]
    public void Rent_BeyondTheCapacity_GivesUpNoMoreThanItMust()
    {
        var pool = new BufferPool(1000);
        PooledBuffer[] large = [pool.Rent(300), pool.Rent(300)];
        var small = pool.Rent(100);
        var kept = ArrayOf(small);
        small.Dispose();
        Array.ForEach(large, buffer => buffer.Dispose());

        using var other = pool.Rent(500);

        using var again = pool.Rent(100);
        Assert.Same(kept, ArrayOf(again));
        Assert.Equal(600, pool.LiveBytes);
    }

    [Fact]
    public void Trim_KeptBuffers_AreGivenUpAndLentOnesStay()
    {
        var pool = new BufferPool(1000);
        using var lent = pool.Rent(100);
        var kept = pool.Rent(100);
        var array = ArrayOf(kept);
        kept.Dispose();

        pool.Trim();

        using var again = pool.Rent(100);
        Assert.NotSame(array, ArrayOf(again));
        Assert.Equal(200, pool.LiveBytes);
    }

    [Fact]
    public void Memory_OfAReturnedBuffer_Throws()
    {
        var buffer = new BufferPool(1000).Rent(100);
        buffer.Dispose();

        Assert.Throws<ObjectDisposedException>(() => buffer.Memory);
    }

    // The array itself and not what is in it: a new buffer is not cleared and may hold anything.
    private static byte[] ArrayOf(PooledBuffer buffer) =>
        MemoryMarshal.TryGetArray<byte>(buffer.Memory, out var segment) ? segment.Array! : throw new InvalidOperationException();
}
