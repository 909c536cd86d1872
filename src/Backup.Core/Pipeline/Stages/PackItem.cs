using System.Threading.Channels;
using Backup.Core.Compression;
using Backup.Core.Pipeline.Memory;

namespace Backup.Core.Pipeline.Stages;

/// <summary>A block on its way to a packer; owns the buffer.</summary>
internal sealed class PackItem(PendingEntry entry, PooledBuffer block, int length, int sequence, bool isLast) : IDisposable
{
    private bool _isDelivered;

    /// <summary>The buffer.</summary>
    public PooledBuffer Block { get; } = block;

    /// <summary>The block's number in its entry, from 0.</summary>
    public int Sequence { get; } = sequence;

    /// <summary>Whether the entry ends with it.</summary>
    public bool IsLast { get; } = isLast;

    /// <summary>How many of the buffer's bytes are the entry's.</summary>
    public int Length { get; } = length;

    /// <summary>Hands the block on: to the packers or, where it is stored as it is, to its entry at once. Gives it back when that fails.</summary>
    /// <param name="packers">The packers' channel.</param>
    /// <param name="cancellationToken">Ends the wait for room in the channel.</param>
    public ValueTask SendAsync(ChannelWriter<PackItem> packers, CancellationToken cancellationToken)
    {
        if (entry.Compressor is not NoCompressor)
        {
            return QueueAsync(packers, cancellationToken);
        }

        _isDelivered = true;
        entry.DeliverStored(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Packs the block as its entry asks for, and hands what it became to the entry.</summary>
    /// <param name="destination">Room for the most that a block can become.</param>
    /// <returns>How many bytes it became.</returns>
    public int Pack(Span<byte> destination)
    {
        var length = entry.Compressor.Compress(Block.Span[..Length], destination, IsLast);
        _isDelivered = true;
        entry.Deliver(this, destination[..length]);
        return length;
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

    private async ValueTask QueueAsync(ChannelWriter<PackItem> packers, CancellationToken cancellationToken)
    {
        try
        {
            var write = packers.WriteAsync(this, cancellationToken);
            if (write.IsCompletedSuccessfully)
            {
                return;
            }

            await write.ConfigureAwait(false);
        }
        catch
        {
            Dispose();
            throw;
        }

        // The packer that made room woke the caller on its own thread, which is there to pack.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
    }
}
