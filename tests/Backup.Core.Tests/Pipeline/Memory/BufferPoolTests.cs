using Backup.Core.Pipeline.Memory;

namespace Backup.Core.Tests.Pipeline.Memory;

public sealed class BufferPoolTests
{
    [Fact]
    public void Rent_AfterReturn_GivesTheSameBuffer()
    {
        var pool = new BufferPool(1000);
        var first = pool.Rent(100);
        first.Span[0] = 42;
        first.Dispose();

        using var second = pool.Rent(100);

        Assert.Equal(42, second.Span[0]);
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
        small.Span[0] = 42;
        small.Dispose();

        pool.Rent(200).Dispose();

        using var again = pool.Rent(100);
        Assert.Equal(0, again.Span[0]);
    }

    [Fact]
    public void Memory_OfAReturnedBuffer_Throws()
    {
        var buffer = new BufferPool(1000).Rent(100);
        buffer.Dispose();

        Assert.Throws<ObjectDisposedException>(() => buffer.Memory);
    }
}
