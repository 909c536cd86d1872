using Microsoft.Win32.SafeHandles;

namespace Backup.Core.Sinks;

/// <summary>A range of a file, read front to back. Used by one caller at a time.</summary>
internal sealed class DirectoryReadStream : Stream
{
    private readonly SafeFileHandle _handle;
    private readonly string _name;
    private readonly DirectoryFaults _faults;
    private readonly long _end;
    private long _position;

    public DirectoryReadStream(SafeFileHandle handle, string name, long offset, long? length, DirectoryFaults faults)
    {
        _handle = handle;
        _name = name;
        _faults = faults;
        _position = offset;
        _end = length is { } bytes && bytes < long.MaxValue - offset ? offset + bytes : long.MaxValue;
    }

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
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            var wanted = (int)Math.Min(buffer.Length, _end - _position);
            var bytes = wanted == 0 ? 0 : RandomAccess.Read(_handle, buffer[..wanted], _position);
            _position += bytes;
            return bytes;
        }
        catch (Exception exception) when (DirectoryFaults.IsOfMedium(exception))
        {
            throw _faults.Describe("read", _name, exception);
        }
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var wanted = (int)Math.Min(buffer.Length, _end - _position);
            var bytes = wanted == 0
                ? 0
                : await RandomAccess.ReadAsync(_handle, buffer[..wanted], _position, cancellationToken).ConfigureAwait(false);
            _position += bytes;
            return bytes;
        }
        catch (Exception exception) when (DirectoryFaults.IsOfMedium(exception))
        {
            throw _faults.Describe("read", _name, exception);
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
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _handle.Dispose();
        }

        base.Dispose(disposing);
    }
}
