namespace Backup.Core.Pipeline;

/// <summary>What a run is busy with.</summary>
public enum BackupPhase
{
    /// <summary>Connecting, locking the tables, taking the snapshot and finding the buckets.</summary>
    OpeningSnapshot,

    /// <summary>Reading the schema, and reading, packing and storing rows and objects: nearly all of the time.</summary>
    Copying,

    /// <summary>Closing the volumes and writing the manifest.</summary>
    Committing,

    /// <summary>The backup is committed.</summary>
    Done,
}
