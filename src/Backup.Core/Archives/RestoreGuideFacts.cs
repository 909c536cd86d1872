using Backup.Core.Compression;

namespace Backup.Core.Archives;

/// <summary>What the restore guide of one backup says of it.</summary>
internal sealed record RestoreGuideFacts
{
    /// <summary>The backup.</summary>
    public required BackupId Id { get; init; }

    /// <summary>The program and version that write it.</summary>
    public required string WrittenBy { get; init; }

    /// <summary>How the entries are packed: says which tools open the volumes.</summary>
    public required CompressionMethod Method { get; init; }

    /// <summary>The source's database name.</summary>
    public required string DatabaseName { get; init; }

    /// <summary>The source's version, as it reports it.</summary>
    public required string ServerVersion { get; init; }

    /// <summary>PostgreSQL's name of the database's encoding.</summary>
    public required string Encoding { get; init; }

    /// <summary>The instant that the backup shows.</summary>
    public required DateTimeOffset SnapshotAt { get; init; }
}
