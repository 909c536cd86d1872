using System.Threading.Channels;
using Backup.Core.Pipeline.Memory;

namespace Backup.Core.Pipeline.Stages;

/// <summary>The way of references to the archive stage. For any number of stages.</summary>
/// <remarks>
/// They go through the channel of the finished entries, which has <see cref="Places"/> more places for them: so an entry that is whole
/// always finds room there, however many references wait.
/// </remarks>
/// <param name="finished">The archive stage's channel.</param>
internal sealed class ReferenceQueue(ChannelWriter<ArchiveItem> finished)
{
    /// <summary>How many references may wait.</summary>
    public const int Places = 256;

    private readonly MemoryBudget _places = new(Places);

    /// <summary>Sends a reference, once there is a place for it.</summary>
    /// <param name="item">The reference, whose ownership passes.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async ValueTask SendAsync(ReferenceItem item, CancellationToken cancellationToken)
    {
        try
        {
            item.Place = await _places.AcquireAsync(1, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            item.Dispose();
            throw;
        }

        // Only a stopped run has closed the channel.
        if (!finished.TryWrite(item))
        {
            item.Dispose();
        }
    }
}
