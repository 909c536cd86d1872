namespace Backup.Core.Restore;

/// <summary>How far a restore is, at one moment. Immutable.</summary>
public sealed record RestoreProgress
{
    /// <summary>The part that is under way.</summary>
    public required RestorePhase Phase { get; init; }

    /// <summary>How much of the whole is done, from 0 to 100; never falls.</summary>
    public required double Percent { get; init; }

    /// <summary>How many objects (statements of the table of contents) are done.</summary>
    public required int ObjectsDone { get; init; }

    /// <summary>How many there are in this restore.</summary>
    public required int ObjectsTotal { get; init; }

    /// <summary>How many tables are complete or have failed.</summary>
    public required int TablesDone { get; init; }

    /// <summary>How many tables' rows are restored.</summary>
    public required int TablesTotal { get; init; }

    /// <summary>The rows committed so far.</summary>
    public required long Rows { get; init; }

    /// <summary>The rows that the backup gives for these tables.</summary>
    public required long RowsTotal { get; init; }

    /// <summary>The bytes of rows sent so far.</summary>
    public required long RawBytes { get; init; }

    /// <summary>The bytes of rows in all.</summary>
    public required long RawBytesTotal { get; init; }

    /// <summary>How many stored objects are uploaded, skipped or have failed.</summary>
    public long FilesDone { get; init; }

    /// <summary>How many stored objects are restored.</summary>
    public long FilesTotal { get; init; }

    /// <summary>The bytes of stored objects sent or skipped so far.</summary>
    public long FileBytes { get; init; }

    /// <summary>The bytes of stored objects in all.</summary>
    public long FileBytesTotal { get; init; }

    /// <summary>The bytes sent per second since the first, of rows or, in the phase <see cref="RestorePhase.Files"/>, of stored
    /// objects; 0 before it.</summary>
    public required double BytesPerSecond { get; init; }

    /// <summary>The time since the run began.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The time that the rest of this phase will take if it goes on as it did, where the number of stored objects counts
    /// beside their bytes; <see langword="null"/> when it cannot be told.</summary>
    public TimeSpan? Remaining { get; init; }

    /// <summary>How many items have failed so far.</summary>
    public int Failures { get; init; }

    /// <summary>What is being worked on: tables while rows load, stored objects as <c>bucket/name</c> while files are uploaded, otherwise objects by kind and name.</summary>
    public IReadOnlyList<string> Current { get; init; } = [];
}
