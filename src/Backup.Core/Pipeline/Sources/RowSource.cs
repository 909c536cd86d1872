using Backup.Core.Pipeline.Memory;
using Backup.Core.Postgres;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Pipeline.Sources;

/// <summary>Where a run reads: a database, or in tests a few lists in memory.</summary>
internal abstract class RowSource
{
    /// <summary>The source for people, without secrets.</summary>
    public abstract string Description { get; }

    /// <summary>Connects, locks the chosen tables and fixes the instant that the backup shows.</summary>
    /// <param name="request">What was chosen.</param>
    /// <param name="options">How the run goes.</param>
    /// <param name="plan">How many connections read, and how large pages are.</param>
    /// <param name="listsObjects">Whether <see cref="RowSnapshot.OpenObjectsAsync"/> will be called: what it reads is locked too.</param>
    /// <param name="logger">The run's log.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public abstract Task<RowSnapshot> OpenAsync(
        BackupRequest request,
        BackupOptions options,
        ResourcePlan plan,
        bool listsObjects,
        ILogger logger,
        CancellationToken cancellationToken);

    /// <summary>A part of this source as a snapshot shows it that another process holds open: what a worker reads.</summary>
    /// <param name="shared">The snapshot.</param>
    /// <param name="tables">The tables of the part; none where only objects are listed.</param>
    /// <returns>A source whose snapshots are that one.</returns>
    /// <exception cref="NotSupportedException">Its snapshots cannot be shared.</exception>
    public virtual RowSource Join(SharedSnapshot shared, IReadOnlyList<TableInfo> tables) =>
        throw new NotSupportedException($"Snapshots of {Description} cannot be shared.");
}
