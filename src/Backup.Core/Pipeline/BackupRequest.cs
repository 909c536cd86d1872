using Backup.Core.ObjectStores;
using Backup.Core.Postgres;

namespace Backup.Core.Pipeline;

/// <summary>What one run backs up of the database and the object store that its pipeline has.</summary>
public sealed record BackupRequest
{
    /// <summary>Which tables, with all that belongs to them.</summary>
    /// <value><see cref="TableSelection.Everything"/> by default.</value>
    public TableSelection Tables { get; init; } = TableSelection.Everything;

    /// <summary>Which buckets and objects, where the pipeline has an object store.</summary>
    /// <value><see cref="ObjectSelection.Everything"/> by default. A pattern that no bucket fits fails the run before anything is read.</value>
    public ObjectSelection Objects { get; init; } = ObjectSelection.Everything;

    /// <summary>
    /// Whether the run goes on when a table cannot be read: missing rights, a damaged block, a lost connection. The table is
    /// then named in <see cref="BackupResult.Failures"/> and in the manifest, and none of its rows belong to the backup.
    /// </summary>
    /// <value><see langword="false"/> by default: the first failure fails the run, and nothing is committed.</value>
    public bool ContinueOnTableFailure { get; init; }
}
