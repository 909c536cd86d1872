using Backup.Core.Archives.Manifest;
using Backup.Core.Compression;
using Backup.Core.ObjectStores;

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

    /// <summary>The backups that hold files of this one, sorted; empty for a backup that holds everything itself.</summary>
    public IReadOnlyList<ReferenceRecord> References { get; init; } = [];

    /// <summary>The database; <see langword="null"/> when the backup holds none.</summary>
    public RestoreGuideDatabase? Database { get; init; }

    /// <summary>The object storage; <see langword="null"/> when the backup holds none.</summary>
    public RestoreGuideStorage? Storage { get; init; }
}

/// <summary>What the restore guide says of the database.</summary>
/// <param name="Name">Its name in the source.</param>
/// <param name="ServerVersion">The source's version, as it reports it.</param>
/// <param name="Encoding">PostgreSQL's name of the database's encoding.</param>
/// <param name="SnapshotAt">The instant that the backup shows.</param>
/// <param name="HasRoles">Whether the backup holds the server's roles.</param>
internal sealed record RestoreGuideDatabase(string Name, string ServerVersion, string Encoding, DateTimeOffset SnapshotAt, bool HasRoles = false);

/// <summary>What the restore guide says of the object storage.</summary>
/// <param name="Location">The store for people, without secrets.</param>
/// <param name="Listing">How the objects were listed.</param>
internal sealed record RestoreGuideStorage(string Location, ObjectListingMethod Listing);
