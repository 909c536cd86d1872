using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Errors;

namespace Backup.Core.Catalog;

/// <summary>One backup of a sink, as the manifests and the listing of its files show it.</summary>
public sealed record CatalogEntry
{
    /// <summary>The backup's id: the name of its folder.</summary>
    public required BackupId Id { get; init; }

    /// <summary>What the backup says of itself; <see langword="null"/> when the manifest is damaged.</summary>
    public BackupManifest? Manifest { get; init; }

    /// <summary>What is wrong with the manifest; <see langword="null"/> when nothing is.</summary>
    public ArchiveFormatException? Damage { get; init; }

    /// <summary>The files that its manifest names and that are not there, or of another size; none when all are, or the manifest is damaged.</summary>
    /// <value>Empty by default.</value>
    public IReadOnlyList<DamagedFile> DamagedFiles { get; init; } = [];

    /// <summary>Backups that it refers to and that cannot give what they should; none when all is well.</summary>
    public IReadOnlyList<BrokenReference> BrokenReferences { get; init; } = [];

    /// <summary>Whether a prune has said that it is about to be removed: nothing new builds on it.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool IsMarked { get; init; }

    /// <summary>What it is good for.</summary>
    public BackupState State => Damage is not null || Manifest is null || DamagedFiles.Count > 0 ? BackupState.Damaged
        : BrokenReferences.Count > 0 ? BackupState.BrokenReference
        : Missing > 0 ? BackupState.WithFailures
        : BackupState.Complete;

    /// <summary>How many items it lacks: those that failed and those that no backup can hold; 0 when the manifest is damaged.</summary>
    public int Missing => (Manifest?.Failures.Count ?? 0) + (Manifest?.Database?.Unsupported?.Count ?? 0);

    /// <summary>How it came to hold what it holds; <see cref="BackupKind.Full"/> when the manifest is damaged.</summary>
    public BackupKind Kind => Manifest?.Kind ?? BackupKind.Full;

    /// <summary>The backup upon which it was made; <see langword="null"/> unless it is incremental.</summary>
    public BackupId? Parent => Manifest?.Parent;

    /// <summary>Whether the backup is known to hold a database.</summary>
    public bool HasDatabase => Manifest?.Database is not null;

    /// <summary>Whether the backup is known to hold buckets, be it without objects.</summary>
    public bool HasStorage => Manifest?.Storage is not null;

    /// <summary>How many stored objects the backup holds; 0 when the manifest is damaged.</summary>
    public long Objects => Manifest?.Totals.Objects ?? 0;

    /// <summary>The size of all that it restores before packing, in bytes; 0 when the manifest is damaged.</summary>
    public long RawBytes => Manifest?.Totals.RawBytes ?? 0;

    /// <summary>The size of its own volumes, in bytes; 0 when the manifest is damaged.</summary>
    public long StoredBytes => Manifest?.Totals.StoredBytes ?? 0;

    /// <summary>The packed size of what other backups hold for it, in bytes; 0 when the manifest is damaged.</summary>
    public long ReferencedBytes => Manifest?.Totals.ReferencedBytes ?? 0;

    /// <summary>How long its run took, of one in several parts from the beginning of the first to the end of the last; zero when the manifest is damaged.</summary>
    public TimeSpan Duration => Manifest is { } manifest ? manifest.FinishedAt - manifest.StartedAt : TimeSpan.Zero;
}
