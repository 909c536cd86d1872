using System.Threading.Channels;
using Backup.Core.Pipeline.Distribution;

namespace Backup.Core.Pipeline.Stages.Rows;

/// <summary>Hands on the tables that the snapshot holds, the largest first, so that no large one is left for the end.</summary>
internal sealed class TableDiscoveryStage(IReadOnlyList<TablePart> tables, ChannelWriter<TablePart> output)
{
    /// <summary>Hands on all of them.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var table in tables)
        {
            await output.WriteAsync(table, cancellationToken).ConfigureAwait(false);
        }
    }
}
