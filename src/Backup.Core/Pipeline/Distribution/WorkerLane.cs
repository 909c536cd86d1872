using System.Threading.Channels;
using Backup.Core.Archives;

namespace Backup.Core.Pipeline.Distribution;

/// <summary>The workers of one run, in place of its lanes. Used once; disposal ends the workers and deletes what they wrote for nobody.</summary>
internal abstract class WorkerLane : IAsyncDisposable
{
    /// <summary>Whether all that the workers were given is dealt with: copied, failed, or left to the run itself.</summary>
    public abstract bool IsComplete { get; }

    /// <summary>Has everything copied. The snapshot is needed until this has ended.</summary>
    /// <param name="left">Takes the parts of tables that only the run itself can read; <see langword="null"/> without a database.</param>
    /// <param name="cancellationToken">Stops the workers.</param>
    public abstract Task RunAsync(ChannelWriter<TablePart>? left, CancellationToken cancellationToken);

    /// <summary>Hands what the workers have written to the run's archive, which answers for it from then on. After the stages have ended.</summary>
    /// <param name="archive">The archive.</param>
    public abstract void Deliver(ArchiveWriter archive);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
