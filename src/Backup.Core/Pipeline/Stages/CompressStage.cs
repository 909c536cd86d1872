using System.Threading.Channels;
using Backup.Core.Hosting;
using Backup.Core.Pipeline.Memory;

namespace Backup.Core.Pipeline.Stages;

/// <summary>Packs blocks, each on its own. It needs no memory beyond what the reader has reserved, and so never waits for any.</summary>
internal sealed class CompressStage(EntryContext context, ChannelReader<PackItem> input)
{
    /// <summary>Works until there are no more blocks.</summary>
    public async Task RunAsync(int worker, CancellationToken cancellationToken)
    {
        using var destination = context.Buffers.Rent(context.Plan.Sizes.MaxPackedBytes);
        using var thread = new DedicatedThread($"backup pack {worker}");
        while (await input.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            while (!cancellationToken.IsCancellationRequested && input.TryRead(out var item))
            {
                await PackAsync(item, destination, thread).ConfigureAwait(false);
            }
        }
    }

    // Once awake the thread packs whatever is there: waking it costs about as much as packing a small block.
    private static async ValueTask PackAsync(PackItem item, PooledBuffer destination, DedicatedThread thread)
    {
        using (item)
        {
            await thread.EnterAsync();

            item.Pack(destination.Span);
        }
    }
}
