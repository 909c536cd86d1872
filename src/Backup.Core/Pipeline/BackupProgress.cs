using Backup.Core.Archives;

namespace Backup.Core.Pipeline;

/// <summary>How far a run has come, at one moment. Immutable.</summary>
public sealed record BackupProgress
{
    /// <summary>The backup that is being made.</summary>
    public required BackupId Id { get; init; }

    /// <summary>What the run is busy with.</summary>
    public required BackupPhase Phase { get; init; }

    /// <summary>The part of all bytes, of tables and objects, that has been read, from 0 to 100. An estimate: text is not as large as
    /// the blocks it comes from, and while <see cref="ObjectsTotal"/> is not known only the objects listed so far are counted.</summary>
    public required double Percent { get; init; }

    /// <summary>The number of tables that are finished, failed ones included.</summary>
    public required int TablesDone { get; init; }

    /// <summary>The number of tables to back up; 0 until the snapshot is open.</summary>
    public required int TablesTotal { get; init; }

    /// <summary>The number of rows read.</summary>
    public required long Rows { get; init; }

    /// <summary>The size of the rows read, in bytes.</summary>
    public required long RawBytes { get; init; }

    /// <summary>The number of objects that are dealt with, failed ones included.</summary>
    public long ObjectsDone { get; init; }

    /// <summary>The number of objects to back up; <see langword="null"/> while it is not known, as where the store lists them itself.</summary>
    public long? ObjectsTotal { get; init; }

    /// <summary>The size of the objects that are dealt with and of what has been read of the current ones, in bytes.</summary>
    public long ObjectBytes { get; init; }

    /// <summary>The size of all objects to back up, in bytes; <see langword="null"/> while it is not known.</summary>
    public long? ObjectBytesTotal { get; init; }

    /// <summary>How many of <see cref="ObjectsDone"/> are as they were in the parent and so are not downloaded; 0 in a full backup.</summary>
    public long ObjectsReused { get; init; }

    /// <summary>The size of those, in bytes; part of <see cref="ObjectBytes"/>.</summary>
    public long ObjectBytesReused { get; init; }

    /// <summary>The size of what has been written into volumes, in bytes.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>The reading rate of the last ten seconds, rows and objects together, in raw bytes per second; 0 while there is none.</summary>
    public required double BytesPerSecond { get; init; }

    /// <summary>The rows read per second, over the last ten.</summary>
    public double RowsPerSecond { get; init; }

    /// <summary>The objects dealt with per second, over the last ten.</summary>
    public double ObjectsPerSecond { get; init; }

    /// <summary>The bytes written into volumes per second, over the last ten.</summary>
    public double StoredBytesPerSecond { get; init; }

    /// <summary>The memory of the run and of the process; <see langword="null"/> before the run has made its plan.</summary>
    public MemoryUse? Memory { get; init; }

    /// <summary>The time since the run began.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The time that what is still to come will take; <see langword="null"/> while it cannot be told.</summary>
    public TimeSpan? Remaining { get; init; }

    /// <summary>The tables that are being read now, in no special order.</summary>
    public IReadOnlyList<TableProgress> CurrentTables { get; init; } = [];

    /// <summary>The objects that are being downloaded now, in no special order.</summary>
    public IReadOnlyList<ObjectProgress> CurrentObjects { get; init; } = [];
}
