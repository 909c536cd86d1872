using System.Threading.Channels;
using Backup.Core.Hosting;

namespace Backup.Core.Pipeline.Stages;

/// <summary>Packs blocks, each on its own. It needs no memory beyond what the reader has reserved, and so never waits for any.</summary>
internal sealed class CompressStage(EntryContext context, ChannelReader<PackItem> input)
{
    /// <summary>Works until there are no more blocks.</summary>
    public async Task RunAsync(int worker, CancellationToken cancellationToken)
    {
        using var destination = context.Buffers.Rent(context.Plan.Sizes.MaxPackedBytes);
        using var thread = new DedicatedThread($"backup pack {worker}");
        await foreach (var item in input.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            using (item)
            {
                await thread.RunAsync(() => item.Pack(destination.Span)).ConfigureAwait(false);
            }
        }
    }
}
