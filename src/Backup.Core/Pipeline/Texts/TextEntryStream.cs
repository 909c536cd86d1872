using Backup.Core.Archives;
using Backup.Core.Compression;
using Backup.Core.Pipeline.Memory;

namespace Backup.Core.Pipeline.Texts;

/// <summary>A stream that packs what is written to it, block by block, into one entry of the archive.</summary>
/// <remarks>An entry of one block is appended with its sizes known, which the simplest of zip readers prefer; a longer one is streamed.</remarks>
internal sealed class TextEntryStream : WriteOnlyStream
{
    private readonly ArchiveWriter _archive;
    private readonly EntryHeader _header;
    private readonly ICompressor _compressor;
    private readonly PooledBuffer _block;
    private readonly PooledBuffer _packed;
    private readonly ContentDigest _digest = new();
    private int _length;
    private bool _hasBegun;

    /// <summary>Creates an entry without bytes.</summary>
    public TextEntryStream(ArchiveWriter archive, EntryHeader header, ICompressor compressor, BufferPool buffers, ResourcePlan plan)
    {
        _archive = archive;
        _header = header;
        _compressor = compressor;
        _block = buffers.Rent(plan.Sizes.BlockBytes);
        _packed = buffers.Rent(plan.Sizes.MaxPackedBytes);
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            if (_length == _block.Memory.Length)
            {
                await FlushBlockAsync(isLast: false, cancellationToken).ConfigureAwait(false);
            }

            var count = Math.Min(buffer.Length, _block.Memory.Length - _length);
            buffer[..count].CopyTo(_block.Memory[_length..]);
            _length += count;
            buffer = buffer[count..];
        }
    }

    /// <summary>Ends the entry.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        if (!_hasBegun)
        {
            var packed = Pack(isLast: true);
            await _archive.AppendAsync(_header, _digest.ToContent(), [packed], cancellationToken).ConfigureAwait(false);
            return;
        }

        await FlushBlockAsync(isLast: true, cancellationToken).ConfigureAwait(false);
        await _archive.EndAsync(_digest.ToContent(), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _block.Dispose();
            _packed.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task FlushBlockAsync(bool isLast, CancellationToken cancellationToken)
    {
        if (!_hasBegun)
        {
            await _archive.BeginAsync(_header, cancellationToken).ConfigureAwait(false);
            _hasBegun = true;
        }

        await _archive.WriteAsync(Pack(isLast), cancellationToken).ConfigureAwait(false);
    }

    private Memory<byte> Pack(bool isLast)
    {
        var raw = _block.Span[.._length];
        _digest.Append(raw);
        _length = 0;
        return _packed.Memory[.._compressor.Compress(raw, _packed.Span, isLast)];
    }
}
