using System.IO.Hashing;
using Backup.Core.Errors;

namespace Backup.Core.Archives;

/// <summary>
/// The raw bytes of an entry, proven on their way: the read that gives the last of them throws unless size, CRC-32 and digest are
/// what the index says. Never gives more bytes than that, whatever the packed stream would unpack to.
/// </summary>
internal sealed class EntryStream : Stream
{
    private readonly Stream _raw;
    private readonly SinkInput _packed;
    private readonly IndexEntry _entry;
    private readonly BackupId? _backup;
    private readonly XxHash128 _digest = new();
    private readonly Crc32 _crc32 = new();
    private readonly byte[] _probe = new byte[1];
    private long _remaining;
    private bool _isProven;

    /// <summary>Wraps a decompressor.</summary>
    /// <param name="raw">What it gives; disposed with this stream.</param>
    /// <param name="packed">What it reads from.</param>
    /// <param name="entry">What the index says.</param>
    /// <param name="backup">The backup whose index that is, for messages; <see langword="null"/> where the caller names it.</param>
    public EntryStream(Stream raw, SinkInput packed, IndexEntry entry, BackupId? backup = null)
    {
        _raw = raw;
        _packed = packed;
        _entry = entry;
        _backup = entry.Backup ?? backup;
        _remaining = entry.RawBytes;
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => _entry.RawBytes;

    /// <inheritdoc/>
    public override long Position
    {
        get => _entry.RawBytes - _remaining;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wanted = Wanted(buffer.Length);
        try
        {
            var count = wanted == 0 ? 0 : await _raw.ReadAsync(buffer[..wanted], cancellationToken).ConfigureAwait(false);
            Take(buffer.Span[..count], wanted);
            if (MustProve(buffer.Length))
            {
                Prove(await _raw.ReadAsync(_probe, cancellationToken).ConfigureAwait(false));
            }

            return count;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            throw Unpackable(exception);
        }
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var wanted = Wanted(buffer.Length);
        try
        {
            var count = wanted == 0 ? 0 : _raw.Read(buffer[..wanted]);
            Take(buffer[..count], wanted);
            if (MustProve(buffer.Length))
            {
                Prove(_raw.Read(_probe));
            }

            return count;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            throw Unpackable(exception);
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

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
        await _raw.DisposeAsync().ConfigureAwait(false);
        await _packed.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _raw.Dispose();
            _packed.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Wanted(int length) => (int)Math.Min(length, _remaining);

    private void Take(ReadOnlySpan<byte> bytes, int wanted)
    {
        if (wanted > 0 && bytes.IsEmpty)
        {
            throw Damaged($"unpacks to {Position} bytes; the index says {_entry.RawBytes}");
        }

        _crc32.Append(bytes);
        _digest.Append(bytes);
        _remaining -= bytes.Length;
    }

    private bool MustProve(int length) => _remaining == 0 && !_isProven && length > 0;

    private void Prove(int more)
    {
        if (more > 0 || _packed.Remaining > 0)
        {
            throw Damaged($"goes on after the {_entry.RawBytes} bytes that the index says");
        }

        if (_crc32.GetCurrentHashAsUInt32() is var crc32 && crc32 != _entry.Crc32)
        {
            throw Damaged($"has the CRC-32 {crc32:x8}; the index says {_entry.Crc32:x8}");
        }

        if (new ContentHash(_digest.GetCurrentHashAsUInt128()) is var digest && digest != _entry.Digest)
        {
            throw Damaged($"has the digest {digest}; the index says {_entry.Digest}");
        }

        _isProven = true;
    }

    private ArchiveFormatException Unpackable(Exception exception) => Damaged($"cannot be unpacked: {exception.Message}", exception);

    private ArchiveFormatException Damaged(string what, Exception? exception = null) =>
        new($"The entry {_entry.Path} of {ArchiveNames.Volume(_entry.Volume)}{(_backup is { } id ? $" of backup {id}" : "")} {what}.", exception)
        {
            Subject = _entry.Path,
            Hint = "The volume is damaged; run verify to see what else is, and use another copy or backup.",
        };
}
