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
            ?? PartRules.FindFault(manifest) ?? StorageRules.FindFault(manifest),
    };

    /// <summary>Says whether a volume can be described so.</summary>
    /// <param name="volume">What a file says of it.</param>
    /// <param name="number">Its number.</param>
    public static bool IsVolume(VolumeRecord? volume, int number) =>
        volume is { Bytes: > 0, Entries: > 0 and <= ArchiveLimits.MaxEntriesPerVolume }
        && volume.Name == ArchiveNames.Volume(number) && IsSha256(volume.Sha256);

    /// <summary>Says whether a part of the index can be described so.</summary>
    /// <param name="part">What a file says of it.</param>
    /// <param name="number">Its number.</param>
    public static bool IsIndexPart(IndexPartRecord? part, int number) =>
        part is { Bytes: > 0, Volume: > 0, Entries: > 0 and <= ArchiveLimits.MaxEntriesPerIndexPart }
        && part.Name == ArchiveNames.IndexPart(number) && IsSha256(part.Sha256)
        && EntryPaths.IsValid(part.FirstPath) && EntryPaths.IsValid(part.LastPath)
        && string.CompareOrdinal(part.FirstPath, part.LastPath) <= 0;

    /// <summary>Says whether a table can be described so.</summary>
    /// <param name="table">What a file says of it.</param>
    public static bool IsTable(TableRecord table) =>
        table.Pages >= 0 && table.Rows >= 0 && table.RawBytes >= 0 && !table.Columns.Any(column => column is null) && IsFolder(table.Path);

    /// <summary>Says whether a text is the path of a folder that entries may lie in, ending in a slash.</summary>
    /// <param name="path">The text.</param>
    public static bool IsFolder(string? path) => path is not null && path.EndsWith('/') && EntryPaths.IsValid(path[..^1]);

    private static string? FindVolumeFault(BackupManifest manifest)
    {
        for (var i = 0; i < manifest.Volumes.Count; i++)
        {
            if (!IsVolume(manifest.Volumes[i], i + 1))
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
            if (manifest.IndexParts[i] is not { } part || !IsIndexPart(part, i + 1) || part.Volume > listed.Length)
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

            if (!IsTable(table))
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
