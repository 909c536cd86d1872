using System.Buffers;

namespace Backup.Core.Archives.Manifest;

/// <summary>What a manifest must keep to beyond being the right JSON, so that whoever reads it can rely on it.</summary>
internal static class ManifestRules
{
    private const int Sha256Digits = 64;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>Finds the first rule that a manifest breaks.</summary>
    /// <param name="manifest">The manifest as it was read.</param>
    /// <returns>What is wrong, to follow the file's name; <see langword="null"/> when all is well.</returns>
    public static string? FindFault(BackupManifest? manifest) => manifest switch
    {
        null => "is empty",
        _ when !ManifestVersion.TryParse(manifest.FormatVersion, out var major, out _) || major != BackupManifest.CurrentMajorVersion =>
            $"has the format version '{manifest.FormatVersion}', which no backup has",
        _ => FindVolumeFault(manifest) ?? FindIndexFault(manifest) ?? FindTotalsFault(manifest) ?? FindTableFault(manifest.Database)
            ?? StorageRules.FindFault(manifest),
    };

    private static string? FindVolumeFault(BackupManifest manifest)
    {
        for (var i = 0; i < manifest.Volumes.Count; i++)
        {
            if (manifest.Volumes[i] is not { Bytes: > 0, Entries: > 0 and <= ArchiveLimits.MaxEntriesPerVolume } volume
                || volume.Name != ArchiveNames.Volume(i + 1) || !IsSha256(volume.Sha256))
            {
                return $"describes volume {i + 1} wrongly";
            }
        }

        return null;
    }

    private static string? FindIndexFault(BackupManifest manifest)
    {
        var listed = new long[manifest.Volumes.Count];
        for (var i = 0; i < manifest.IndexParts.Count; i++)
        {
            if (manifest.IndexParts[i] is not { Bytes: > 0, Entries: > 0 and <= ArchiveLimits.MaxEntriesPerIndexPart } part
                || part.Name != ArchiveNames.IndexPart(i + 1) || !IsSha256(part.Sha256)
                || part.Volume < 1 || part.Volume > listed.Length
                || !EntryPaths.IsValid(part.FirstPath) || !EntryPaths.IsValid(part.LastPath)
                || string.CompareOrdinal(part.FirstPath, part.LastPath) > 0)
            {
                return $"describes index part {i + 1} wrongly";
            }

            listed[part.Volume - 1] += part.Entries;
        }

        for (var i = 0; i < listed.Length; i++)
        {
            if (listed[i] != manifest.Volumes[i].Entries)
            {
                return $"gives volume {i + 1} {manifest.Volumes[i].Entries} entries and its index {listed[i]}";
            }
        }

        return null;
    }

    private static string? FindTotalsFault(BackupManifest manifest)
    {
        var totals = manifest.Totals;
        if (totals.Rows < 0 || totals.RawBytes < 0
            || totals.Entries != manifest.Volumes.Sum(volume => (long)volume.Entries)
            || (UInt128)Math.Max(0, totals.StoredBytes) != Sum(manifest.Volumes))
        {
            return "has totals that are not the sums of its volumes";
        }

        return manifest.Failures.Any(failure => failure is null || !Enum.IsDefined(failure.Kind)) ? "lists a failure that is none" : null;
    }

    private static string? FindTableFault(DatabaseSection? database)
    {
        foreach (var table in database?.Tables ?? [])
        {
            if (table is null)
            {
                return "lists an empty table";
            }

            if (table.Pages < 0 || table.Rows < 0 || table.RawBytes < 0 || table.Columns.Any(column => column is null)
                || !table.Path.EndsWith('/') || !EntryPaths.IsValid(table.Path[..^1]))
            {
                return $"describes the table {table.Schema}.{table.Name} wrongly";
            }
        }

        return null;
    }

    private static bool IsSha256(string? text) => text is { Length: Sha256Digits } && !text.AsSpan().ContainsAnyExcept(HexDigits);

    // Hostile sizes may add up to more than 63 bits.
    private static UInt128 Sum(IReadOnlyList<VolumeRecord> volumes)
    {
        var sum = UInt128.Zero;
        foreach (var volume in volumes)
        {
            sum += (UInt128)volume.Bytes;
        }

        return sum;
    }
}
