using System.Threading.Channels;
using Backup.Core.Compression;
using Backup.Core.Hosting;
using Backup.Core.Pipeline.Memory;

namespace Backup.Core.Pipeline.Stages;

/// <summary>Packs blocks, each on its own. It needs no memory beyond what the reader has reserved, and so never waits for any.</summary>
internal sealed class CompressStage(ICompressor compressor, PageContext context, ChannelReader<PackItem> input)
{
    /// <summary>Works until there are no more blocks.</summary>
    public async Task RunAsync(int worker, CancellationToken cancellationToken)
    {
        using var destination = context.Buffers.Rent(context.Plan.MaxPackedBytes);
        using var thread = new DedicatedThread($"backup pack {worker}");
        await foreach (var item in input.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            using (item)
            {
                await thread.RunAsync(() => Pack(item, destination)).ConfigureAwait(false);
            }
        }
    }

    private int Pack(PackItem item, PooledBuffer destination)
    {
        var length = compressor.Compress(item.Rows, destination.Span, item.IsLast);
        item.Deliver(destination.Span[..length]);
        return length;
    }
}
