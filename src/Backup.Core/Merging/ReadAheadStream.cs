using System.Buffers;
using System.Security.Cryptography;
using System.Threading.Channels;
using Backup.Core.Archives;
using Backup.Core.Compression;

namespace Backup.Core.Merging;

/// <summary>
/// Reads a file ahead of its reader, so that reading, hashing and whatever is done with the bytes go on side by side. At any moment there
/// are at most six blocks of 1 MiB.
/// </summary>
/// <remarks>For one reader. Its disposal waits for a read that is under way.</remarks>
internal sealed class ReadAheadStream : ReadOnlyForwardStream
{
    private const int BlockBytes = 1024 * 1024;

    // With the one being read, the one being hashed and the one at its reader six in all.
    private const int BlocksAhead = 3;

    private readonly SinkInput _inner;
    private readonly IncrementalHash? _hash;
    private readonly Channel<Block> _blocks =
        Channel.CreateBounded<Block>(new BoundedChannelOptions(BlocksAhead) { SingleReader = true, SingleWriter = true });

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reading;
    private Block _current;
    private int _taken;

    /// <summary>Begins to read.</summary>
    /// <param name="inner">The bytes; disposed with this stream.</param>
    /// <param name="hash">Takes in every byte that is read, before it is given out; <see langword="null"/> for none. Borrowed.</param>
    public ReadAheadStream(SinkInput inner, IncrementalHash? hash)
    {
        _inner = inner;
        _hash = hash;
        var token = _stop.Token;
        _reading = Task.Run(() => ReadAllAsync(token), CancellationToken.None);
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer) => throw new NotSupportedException();

    /// <summary>How many bytes have been given out.</summary>
    public long Given { get; private set; }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var bytes = await TakeAsync(buffer.Length, cancellationToken).ConfigureAwait(false);
        bytes.CopyTo(buffer);
        return bytes.Length;
    }

    /// <summary>Gives bytes where they lie, which saves their copy.</summary>
    /// <param name="most">How many at the most, at least 1.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The next bytes, good until the next call; none at the end.</returns>
    public async ValueTask<ReadOnlyMemory<byte>> TakeAsync(long most, CancellationToken cancellationToken)
    {
        while (_taken == _current.Count)
        {
            _current.Free();
            (_current, _taken) = (default, 0);
            if (!await _blocks.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                return ReadOnlyMemory<byte>.Empty;
            }

            _blocks.Reader.TryRead(out _current);
        }

        var bytes = _current.Bytes.AsMemory(_taken, (int)Math.Min(most, _current.Count - _taken));
        _taken += bytes.Length;
        Given += bytes.Length;
        return bytes;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(false);
        _current.Free();
        _current = default;
        _taken = 0;
        while (_blocks.Reader.TryRead(out var block))
        {
            block.Free();
        }

        _stop.Dispose();
        await _inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    // Never throws: a failure is what the reader gets once it has had all blocks before it.
    private async Task ReadAllAsync(CancellationToken cancellationToken)
    {
        var next = ReadBlockAsync(cancellationToken);
        try
        {
            while (await next.ConfigureAwait(false) is { Count: > 0 } block)
            {
                // While this one is being hashed.
                next = ReadBlockAsync(cancellationToken);
                await HandOnAsync(block, cancellationToken).ConfigureAwait(false);
            }

            _blocks.Writer.Complete();
        }
        catch (Exception exception)
        {
            _blocks.Writer.Complete(exception);
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (next.IsCompletedSuccessfully)
            {
                (await next.ConfigureAwait(false)).Free();
            }
        }
    }

    private async ValueTask HandOnAsync(Block block, CancellationToken cancellationToken)
    {
        try
        {
            _hash?.AppendData(block.Bytes, 0, block.Count);
            await _blocks.Writer.WriteAsync(block, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            block.Free();
            throw;
        }
    }

    private async Task<Block> ReadBlockAsync(CancellationToken cancellationToken)
    {
        if (_inner.Remaining == 0)
        {
            return default;
        }

        // A buffer that a read was given which then failed may be in use still, where a sink hangs: it is left to the collector.
        var bytes = ArrayPool<byte>.Shared.Rent((int)Math.Min(BlockBytes, _inner.Remaining));
        var count = await _inner.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return new Block(bytes, count);
    }

    private readonly record struct Block(byte[] Bytes, int Count)
    {
        public void Free()
        {
            if (Bytes is not null)
            {
                ArrayPool<byte>.Shared.Return(Bytes);
            }
        }
    }
}
