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
            // Looked for before the thread is woken: a block wakes all who wait, and only one of them gets it.
            while (!cancellationToken.IsCancellationRequested && input.TryRead(out var item))
            {
                await PackAsync(item, destination, thread).ConfigureAwait(false);
            }
        }
    }

    private static async ValueTask PackAsync(PackItem item, PooledBuffer destination, DedicatedThread thread)
    {
        using (item)
        {
            await thread.EnterAsync();
            item.Pack(destination.Span);
        }
    }
}
