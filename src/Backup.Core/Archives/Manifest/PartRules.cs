namespace Backup.Core.Archives.Manifest;

/// <summary>What a manifest must keep to where its backup was made in several parts.</summary>
internal static class PartRules
{
    /// <summary>Finds the first rule that is broken.</summary>
    /// <param name="manifest">The manifest as it was read.</param>
    /// <returns>What is wrong, to follow the file's name; <see langword="null"/> when all is well.</returns>
    public static string? FindFault(BackupManifest manifest) =>
        FindPartFault(manifest.Parts, LastOf(manifest.Volumes)) ?? FindFolderFault(manifest);

    private static int LastOf(IReadOnlyList<VolumeRecord> volumes) =>
        volumes.Count == 0 ? 0 : ArchiveNames.VolumeNumber(volumes[^1].Name) ?? 0;

    private static string? FindPartFault(IReadOnlyList<PartRecord>? parts, int lastVolume)
    {
        if (parts is null)
        {
            return null;
        }

        if (parts.Count < 2)
        {
            return "lists its parts and has no two";
        }

        var first = 1;
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i] is not { } part || part.Number != i + 1 || part.FirstVolume < first || part.FirstVolume > lastVolume
                || (i == 0 && part.FirstVolume != 1))
            {
                return $"describes part {i + 1} wrongly";
            }

            first = part.FirstVolume;
        }

        return null;
    }

    private static string? FindFolderFault(BackupManifest manifest)
    {
        var named = (manifest.Database?.Tables.Select(table => table.Path) ?? []).ToHashSet(StringComparer.Ordinal);
        foreach (var folder in manifest.Superseded ?? [])
        {
            if (!ManifestRules.IsFolder(folder) || !folder.StartsWith(EntryPaths.DataFolder, StringComparison.Ordinal) || !named.Add(folder))
            {
                return $"supersedes the folder '{folder}', which is none, a table's or named twice";
            }
        }

        return manifest.Parts is null && manifest.Database?.Tables.FirstOrDefault(table => table.Mixed) is { } mixed
            ? $"mixes the table {mixed.Schema}.{mixed.Name} of several parts and has one"
            : null;
    }
}
