using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;

namespace Backup.Core.Catalog;

/// <summary>What the graph of references has to know of one backup. Small, whatever the size of its manifest.</summary>
/// <param name="Id">The backup.</param>
/// <param name="Digest">The digest of its manifest; <see langword="null"/> when the backup is damaged.</param>
/// <param name="References">The backups that hold bytes of it.</param>
internal sealed record BackupNode(BackupId Id, string? Digest, IReadOnlyList<ReferenceRecord> References)
{
    /// <summary>The node of a backup.</summary>
    public static BackupNode Of(BackupManifest manifest) => new(manifest.Id, manifest.Digest, manifest.References ?? []);

    /// <summary>The node of a backup of which a list has been made.</summary>
    public static BackupNode Of(CatalogEntry entry) => entry.State == BackupState.Damaged
        ? new BackupNode(entry.Id, null, entry.Manifest?.References ?? [])
        : Of(entry.Manifest!);
}
