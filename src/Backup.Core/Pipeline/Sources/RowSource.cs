using Microsoft.Extensions.Logging;

namespace Backup.Core.Pipeline.Sources;

/// <summary>Where a run reads: a database, or in tests a few lists in memory.</summary>
internal abstract class RowSource
{
    /// <summary>The source for people, without secrets.</summary>
    public abstract string Description { get; }

    /// <summary>Connects, locks the chosen tables and fixes the instant that the backup shows.</summary>
    public abstract Task<RowSnapshot> OpenAsync(
        BackupRequest request, BackupOptions options, int connections, ILogger logger, CancellationToken cancellationToken);
}
