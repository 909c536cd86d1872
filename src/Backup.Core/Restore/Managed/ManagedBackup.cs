namespace Backup.Core.Restore.Managed;

/// <summary>What has to be known of a backup that is restored into a project.</summary>
/// <param name="IsOfPreset">Whether the platform's own rows and objects were left out of it already.</param>
/// <param name="HasFilesForLater">Whether it holds files that this restore does not bring back.</param>
internal readonly record struct ManagedBackup(bool IsOfPreset, bool HasFilesForLater);
