using System.Threading.Channels;
using Backup.Core.Pipeline.Memory;

namespace Backup.Core.Pipeline.Stages.Texts;

/// <summary>A stream that sends what is written to it to the packers, block by block, as one entry.</summary>
internal sealed class StagedTextStream(TextEntry entry, ChannelWriter<PackItem> output) : WriteOnlyStream
{
    private PooledBuffer? _block;
    private int _length;
    private bool _isComplete;

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            if (_block is { } full && _length == full.Memory.Length)
            {
                await SendAsync(isLast: false, cancellationToken).ConfigureAwait(false);
            }

            _block ??= await entry.RentBlockAsync(cancellationToken).ConfigureAwait(false);
            var count = Math.Min(buffer.Length, _block.Memory.Length - _length);
            buffer[..count].CopyTo(_block.Memory[_length..]);
            _length += count;
            buffer = buffer[count..];
        }
    }

    /// <summary>Ends the entry, which the packers hand to the archive stage.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        _block ??= await entry.RentBlockAsync(cancellationToken).ConfigureAwait(false);
        await SendAsync(isLast: true, cancellationToken).ConfigureAwait(false);
        _isComplete = true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && _block is { } block)
        {
            _block = null;
            entry.Return(block);
        }

        // A streamed entry is the archive stage's to dispose.
        if (disposing && !_isComplete && !entry.IsStreamed)
        {
            entry.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task SendAsync(bool isLast, CancellationToken cancellationToken)
    {
        var item = entry.Append(_block!, _length, isLast);
        _block = null;
        _length = 0;
        try
        {
            await output.WriteAsync(item, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            item.Dispose();
            throw;
        }
    }
}
