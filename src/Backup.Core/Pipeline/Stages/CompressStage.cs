using System.Threading.Channels;
using Backup.Core.Hosting;
using Backup.Core.Pipeline.Memory;

namespace Backup.Core.Pipeline.Stages;

/// <summary>Packs blocks, each on its own. It needs no memory beyond what the reader has reserved, and so never waits for any.</summary>
internal sealed class CompressStage(EntryContext context, ChannelReader<PackItem> input)
{
    // So little is packed in less time than a thread takes to be woken for it, and the pool is held up no longer than that.
    private const int InlineBytes = 16 * 1024;

    /// <summary>Works until there are no more blocks.</summary>
    public async Task RunAsync(int worker, CancellationToken cancellationToken)
    {
        using var destination = context.Buffers.Rent(context.Plan.Sizes.MaxPackedBytes);
        using var thread = new DedicatedThread($"backup pack {worker}");
        await foreach (var item in input.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            if (item.Length <= InlineBytes)
            {
                Pack(item, destination);
            }
            else
            {
                await thread.RunAsync(() => PackAll(item, destination, cancellationToken)).ConfigureAwait(false);
            }
        }
    }

    // Once awake the thread packs whatever is there: waking it costs about as much as packing a small block.
    private bool PackAll(PackItem first, PooledBuffer destination, CancellationToken cancellationToken)
    {
        Pack(first, destination);
        while (!cancellationToken.IsCancellationRequested && input.TryRead(out var next))
        {
            Pack(next, destination);
        }

        return true;
    }

    private static void Pack(PackItem item, PooledBuffer destination)
    {
        using (item)
        {
            item.Pack(destination.Span);
        }
    }
}
