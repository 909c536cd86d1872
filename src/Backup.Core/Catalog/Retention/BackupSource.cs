using Backup.Core.Archives.Manifest;

namespace Backup.Core.Catalog.Retention;

/// <summary>What a backup is a backup of, as far as its manifest says.</summary>
/// <param name="Cluster">The number of the database's cluster: many projects call their database the same; <see langword="null"/> where it is not known.</param>
/// <param name="Database">The database's name; <see langword="null"/> without one.</param>
/// <param name="Storage">The object store; <see langword="null"/> without one.</param>
/// <param name="Prefix">How the names of the chosen objects begin; <see langword="null"/> without a store.</param>
internal sealed record BackupSource(string? Cluster, string? Database, string? Storage, string? Prefix)
{
    /// <summary>The source of a backup.</summary>
    public static BackupSource Of(BackupManifest manifest) =>
        new(manifest.Database?.SystemIdentifier, manifest.Database?.Name, manifest.Storage?.Location, manifest.Storage?.Prefix);
}
