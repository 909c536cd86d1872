namespace Backup.Core.Pipeline;

/// <summary>What a run is busy with.</summary>
public enum BackupPhase
{
    /// <summary>Connecting, locking the tables and taking the snapshot.</summary>
    OpeningSnapshot,

    /// <summary>Reading the definitions of all objects.</summary>
    ReadingSchema,

    /// <summary>Reading, packing and storing rows: nearly all of the time.</summary>
    CopyingRows,

    /// <summary>Closing the volumes and writing the manifest.</summary>
    Committing,

    /// <summary>The backup is committed.</summary>
    Done,
}
