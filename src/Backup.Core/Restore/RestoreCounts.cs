namespace Backup.Core.Restore;

/// <summary>What a restore has done up to one moment.</summary>
internal readonly record struct RestoreCounts
{
    /// <summary>What it is doing.</summary>
    public required RestorePhase Phase { get; init; }

    /// <summary>Objects of the database that were made.</summary>
    public required int Objects { get; init; }

    /// <summary>Bytes of rows that were sent.</summary>
    public required long RawBytes { get; init; }

    /// <summary>Stored objects that are done.</summary>
    public required long Files { get; init; }

    /// <summary>Bytes of stored objects that were sent or skipped.</summary>
    public required long FileBytes { get; init; }
}
