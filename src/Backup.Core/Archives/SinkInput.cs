using System.Security.Cryptography;
using Backup.Core.Errors;

namespace Backup.Core.Archives;

/// <summary>
/// A given number of bytes of one file of a backup, read front to back. An end that comes too early is an
/// <see cref="ArchiveFormatException"/>, a failure of the medium a <see cref="SinkException"/>.
/// </summary>
internal sealed class SinkInput : Stream
{
    private readonly Stream _inner;
    private readonly string _name;
    private readonly IncrementalHash? _hash;
    private readonly bool _leaveOpen;

    /// <summary>Wraps a stream.</summary>
    /// <param name="inner">The bytes.</param>
    /// <param name="name">The file, for messages.</param>
    /// <param name="length">How many bytes there must be.</param>
    /// <param name="hash">Takes in every byte read; <see langword="null"/> for none. Borrowed.</param>
    /// <param name="leaveOpen">Whether the inner stream outlives this one.</param>
    public SinkInput(Stream inner, string name, long length, IncrementalHash? hash = null, bool leaveOpen = false)
    {
        _inner = inner;
        _name = name;
        _hash = hash;
        _leaveOpen = leaveOpen;
        Remaining = length;
    }

    /// <summary>How many bytes are still to come.</summary>
    public long Remaining { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wanted = (int)Math.Min(buffer.Length, Remaining);
        if (wanted == 0)
        {
            return 0;
        }

        try
        {
            var count = await _inner.ReadAsync(buffer[..wanted], cancellationToken).ConfigureAwait(false);
            return Take(buffer.Span, count);
        }
        catch (IOException exception)
        {
            throw Unreadable(exception);
        }
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var wanted = (int)Math.Min(buffer.Length, Remaining);
        if (wanted == 0)
        {
            return 0;
        }

        try
        {
            return Take(buffer, _inner.Read(buffer[..wanted]));
        }
        catch (IOException exception)
        {
            throw Unreadable(exception);
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>Fills a buffer.</summary>
    /// <param name="buffer">All of it is filled.</param>
    /// <param name="what">What is being read, for the message.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="ArchiveFormatException">Fewer bytes remain.</exception>
    public async ValueTask FillAsync(Memory<byte> buffer, string what, CancellationToken cancellationToken)
    {
        if (buffer.Length > Remaining)
        {
            throw new ArchiveFormatException($"{_name} has {Remaining} bytes left where {what} needs {buffer.Length}.") { Subject = _name };
        }

        await ReadExactlyAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads and drops bytes.</summary>
    /// <param name="count">How many; no more than remain.</param>
    /// <param name="scratch">Where they pass through.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async ValueTask SkipAsync(long count, Memory<byte> scratch, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            var part = scratch[..(int)Math.Min(scratch.Length, count)];
            await FillAsync(part, "what follows", cancellationToken).ConfigureAwait(false);
            count -= part.Length;
        }
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (!_leaveOpen)
        {
            await _inner.DisposeAsync().ConfigureAwait(false);
        }

        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_leaveOpen)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Take(ReadOnlySpan<byte> buffer, int count)
    {
        if (count == 0)
        {
            throw new ArchiveFormatException($"{_name} ends {Remaining} bytes too early.")
            {
                Subject = _name,
                Hint = "The file was cut short; fetch it again from where it was copied, or use another backup.",
            };
        }

        _hash?.AppendData(buffer[..count]);
        Remaining -= count;
        return count;
    }

    private SinkException Unreadable(IOException exception) =>
        new($"{_name} could not be read: {exception.Message}", exception) { Subject = _name, IsTransient = true };
}
