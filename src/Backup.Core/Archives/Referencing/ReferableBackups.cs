using Backup.Core.Archives.Manifest;

namespace Backup.Core.Archives.Referencing;

/// <summary>Says which backups one that is made upon another may reference.</summary>
internal static class ReferableBackups
{
    /// <summary>Finds them: the parent and all that it references itself, for references are never followed twice.</summary>
    /// <param name="parent">The parent's manifest, as it was read.</param>
    /// <returns>The digest of each one's manifest.</returns>
    /// <exception cref="ArgumentException">The manifest was not read from a file, so that its digest is not known.</exception>
    public static IReadOnlyDictionary<BackupId, string> Of(BackupManifest parent)
    {
        var digest = parent.Digest ?? throw new ArgumentException($"The manifest of backup {parent.Id} was not read from a file.", nameof(parent));
        var backups = (parent.References ?? []).ToDictionary(reference => reference.Id, reference => reference.Digest);
        backups[parent.Id] = digest;
        return backups;
    }
}
