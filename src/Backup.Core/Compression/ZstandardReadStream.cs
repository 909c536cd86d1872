using System.Buffers;
using Backup.Core.Errors;
using ZstdSharp;

namespace Backup.Core.Compression;

/// <summary>The raw bytes of Zstandard frames put one after another. Used by one caller at a time.</summary>
/// <remarks>
/// The end of the packed bytes is an end only behind a frame, and what follows a frame must be another one. So a stream that
/// was cut inside a frame, or that has other bytes behind it, is found.
/// </remarks>
internal sealed class ZstandardReadStream : ReadOnlyForwardStream
{
    private const int InputBytes = 128 * 1024;

    private readonly Stream _compressed;
    private readonly ContextPool<Decompressor> _contexts;
    private readonly Decompressor _context;
    private readonly byte[] _input;

    private int _inputStart;
    private int _inputEnd;
    private bool _isInsideFrame = true;
    private bool _hasPendingOutput;
    private bool _isFaulted;
    private bool _isDisposed;

    public ZstandardReadStream(Stream compressed, ContextPool<Decompressor> contexts)
    {
        _compressed = compressed;
        _contexts = contexts;
        _context = contexts.Rent();
        _input = ArrayPool<byte>.Shared.Rent(InputBytes);
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        while (!buffer.IsEmpty)
        {
            var written = Decompress(buffer);
            if (written > 0)
            {
                return written;
            }

            if (!Accept(_compressed.Read(_input, 0, InputBytes)))
            {
                break;
            }
        }

        return 0;
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        while (!buffer.IsEmpty)
        {
            var written = Decompress(buffer.Span);
            if (written > 0)
            {
                return written;
            }

            if (!Accept(await _compressed.ReadAsync(_input.AsMemory(0, InputBytes), cancellationToken).ConfigureAwait(false)))
            {
                break;
            }
        }

        return 0;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        Release();
        await _compressed.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Release();
            _compressed.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Unpacks what is at hand until there are raw bytes; 0 asks for more packed bytes.</summary>
    private int Decompress(Span<byte> buffer)
    {
        while (_inputStart < _inputEnd || _hasPendingOutput)
        {
            OperationStatus status;
            int consumed;
            int written;
            try
            {
                var input = _input.AsSpan(_inputStart, _inputEnd - _inputStart);
                status = _context.UnwrapStream(input, buffer, out consumed, out written);
            }
            catch (ZstdException exception)
            {
                throw Damaged($"not valid zstd: {exception.Message}", exception);
            }

            if (status == OperationStatus.InvalidData)
            {
                throw Damaged("not valid zstd", null);
            }

            _inputStart += consumed;
            _isInsideFrame = status != OperationStatus.Done;
            _hasPendingOutput = _isInsideFrame && written == buffer.Length;
            if (written > 0)
            {
                return written;
            }
        }

        return 0;
    }

    private bool Accept(int bytes)
    {
        _inputStart = 0;
        _inputEnd = bytes;
        if (bytes == 0 && _isInsideFrame)
        {
            throw Damaged("cut short: the packed bytes end inside a zstd frame", null);
        }

        return bytes > 0;
    }

    private ArchiveFormatException Damaged(string what, Exception? cause)
    {
        _isFaulted = true;
        return new ArchiveFormatException($"The packed bytes are {what}.", cause);
    }

    private void Release()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        ArrayPool<byte>.Shared.Return(_input);
        if (_isFaulted || _isInsideFrame)
        {
            _context.Dispose();
        }
        else
        {
            _contexts.Return(_context);
        }
    }
}
