using System.Buffers;
using System.Diagnostics;
using System.Security.Cryptography;
using Backup.Core.Diagnostics;
using Backup.Core.Sinks;

namespace Backup.Core.Archives;

/// <summary>Writes one file of a backup: gathers small writes into large sequential ones and digests all bytes on their way.</summary>
/// <remarks>Used by one caller at a time. Disposing it before <see cref="CommitAsync"/> aborts the file.</remarks>
internal sealed class SinkOutput : IAsyncDisposable
{
    private const int BufferBytes = 1024 * 1024;

    // From this size on a write costs less than a copy.
    private const int PassedOnBytes = 256 * 1024;

    private readonly SinkWriter _writer;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[]? _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private readonly Activity? _span;
    private int _buffered;
    private bool _isCommitted;

    private SinkOutput(SinkWriter writer, Activity? span)
    {
        _writer = writer;
        _span = span;
    }

    /// <summary>How many bytes have been written.</summary>
    public long Position { get; private set; }

    /// <summary>Starts a file.</summary>
    /// <param name="sink">Where.</param>
    /// <param name="name">The object's name.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public static async ValueTask<SinkOutput> CreateAsync(IBackupSink sink, string name, CancellationToken cancellationToken) =>
        new(await sink.CreateAsync(name, cancellationToken).ConfigureAwait(false), StartSpan(name));

    /// <summary>Appends bytes; the buffer may be reused when the call returns.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="cancellationToken">Cancels the write; the output must then be disposed.</param>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var buffer = _buffer ?? throw new ObjectDisposedException(nameof(SinkOutput));
        if (bytes.Length >= PassedOnBytes)
        {
            await FlushAsync(buffer, cancellationToken).ConfigureAwait(false);
            await SendAsync(bytes, cancellationToken).ConfigureAwait(false);
            Position += bytes.Length;
            return;
        }

        while (!bytes.IsEmpty)
        {
            var count = Math.Min(bytes.Length, BufferBytes - _buffered);
            bytes[..count].CopyTo(buffer.AsMemory(_buffered));
            bytes = bytes[count..];
            _buffered += count;
            Position += count;
            if (_buffered == BufferBytes)
            {
                await FlushAsync(buffer, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Makes the file durable and visible.</summary>
    /// <param name="cancellationToken">Cancels the call; whether the file is visible is then unknown.</param>
    /// <returns>The SHA-256 of the file, as 64 lower-case hex digits.</returns>
    public async ValueTask<string> CommitAsync(CancellationToken cancellationToken)
    {
        var buffer = _buffer ?? throw new ObjectDisposedException(nameof(SinkOutput));
        await FlushAsync(buffer, cancellationToken).ConfigureAwait(false);
        await _writer.CommitAsync(cancellationToken).ConfigureAwait(false);
        _isCommitted = true;
        _span?.SetTag(BackupTelemetry.BytesAttribute, Position);
        BackupSpans.EndDetached(_span);
        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            await _writer.DisposeAsync().ConfigureAwait(false);

            // A write that was cut off, or left behind by a sink that hangs, may use the buffer still.
            if (_isCommitted)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }

            _hash.Dispose();
            BackupSpans.EndDetached(_span);
        }
    }

    private static Activity? StartSpan(string name)
    {
        if (!BackupSpans.IsOn || !ArchiveNames.IsVolume(name))
        {
            return null;
        }

        var span = BackupSpans.StartDetached(BackupTelemetry.VolumeSpan);
        span?.SetTag(BackupTelemetry.VolumeAttribute, name);
        return span;
    }

    private async ValueTask FlushAsync(byte[] buffer, CancellationToken cancellationToken)
    {
        if (_buffered > 0)
        {
            await SendAsync(buffer.AsMemory(0, _buffered), cancellationToken).ConfigureAwait(false);
            _buffered = 0;
        }
    }

    // The digest is computed while the bytes are being written.
    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var writing = _writer.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        _hash.AppendData(bytes.Span);
        await writing;
    }
}
