using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Errors;

namespace Backup.Core.Catalog;

/// <summary>One backup of a sink, as its manifest shows it.</summary>
public sealed record CatalogEntry
{
    /// <summary>The backup's id: the name of its folder.</summary>
    public required BackupId Id { get; init; }

    /// <summary>What the backup says of itself; <see langword="null"/> when the manifest is damaged.</summary>
    public BackupManifest? Manifest { get; init; }

    /// <summary>What is wrong with the manifest; <see langword="null"/> when nothing is.</summary>
    public ArchiveFormatException? Damage { get; init; }

    /// <summary>Whether the backup is known to hold a database.</summary>
    public bool HasDatabase => Manifest?.Database is not null;

    /// <summary>Whether the backup is known to hold buckets, be it without objects.</summary>
    public bool HasStorage => Manifest?.Storage is not null;

    /// <summary>How many stored objects the backup holds; 0 when the manifest is damaged.</summary>
    public long Objects => Manifest?.Totals.Objects ?? 0;
}
