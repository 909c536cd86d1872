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
        _ when !ManifestVersion.TryParse(manifest.FormatVersion, out var major, out _)
            || major is < 1 or > BackupManifest.CurrentMajorVersion => $"has the format version '{manifest.FormatVersion}', which no backup has",
        _ => FindVolumeFault(manifest, HasGaps(manifest)) ?? FindIndexFault(manifest, HasGaps(manifest)) ?? ReferenceRules.FindFault(manifest)
            ?? FindTotalsFault(manifest) ?? FindTableFault(manifest.Database) ?? PartRules.FindFault(manifest) ?? StorageRules.FindFault(manifest),
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
        && IsRange(part.FirstPath, part.LastPath);

    /// <summary>Says whether a part of the references can be described so.</summary>
    /// <param name="part">What a file says of it.</param>
    /// <param name="number">Its number.</param>
    public static bool IsReferencePart(ReferencePartRecord? part, int number) =>
        part is { Bytes: > 0, Entries: > 0 and <= ArchiveLimits.MaxEntriesPerIndexPart }
        && part.Name == ArchiveNames.ReferencePart(number) && IsSha256(part.Sha256) && IsRange(part.FirstPath, part.LastPath);

    /// <summary>Finds the number that a file of a backup must have.</summary>
    /// <param name="number">The number that its name says; <see langword="null"/> for none.</param>
    /// <param name="previous">The number of the file before it; 0 for the first.</param>
    /// <param name="hasGaps">Whether numbers may be left out.</param>
    /// <returns>The only number, or with gaps the number itself where it is greater; what cannot be its number otherwise.</returns>
    public static int NumberAfter(int? number, int previous, bool hasGaps) => hasGaps && number > previous ? number.Value : previous + 1;

    /// <summary>Says whether a table can be described so.</summary>
    /// <param name="table">What a file says of it.</param>
    public static bool IsTable(TableRecord table) =>
        table.Pages >= 0 && table.Rows >= 0 && table.RawBytes >= 0 && table.PageBlocks is not <= 0 && !table.Columns.Any(column => column is null) && IsFolder(table.Path);

    /// <summary>Says whether a text is the path of a folder that entries may lie in, ending in a slash.</summary>
    /// <param name="path">The text.</param>
    public static bool IsFolder(string? path) => path is not null && path.EndsWith('/') && EntryPaths.IsValid(path[..^1]);

    /// <summary>Says whether a text can be the SHA-256 of a file.</summary>
    /// <param name="text">The text.</param>
    public static bool IsSha256(string? text) => text is { Length: Sha256Digits } && !text.AsSpan().ContainsAnyExcept(HexDigits);

    // Of shards that were given up; a reader of major version 1 takes the place in the list for the number.
    private static bool HasGaps(BackupManifest manifest) => ManifestVersion.TryParse(manifest.FormatVersion, out var major, out _) && major > 1;

    private static string? FindVolumeFault(BackupManifest manifest, bool hasGaps)
    {
        var number = 0;
        foreach (var volume in manifest.Volumes)
        {
            number = NumberAfter(volume is null ? null : ArchiveNames.VolumeNumber(volume.Name), number, hasGaps);
            if (!IsVolume(volume, number))
            {
                return $"describes volume {number} wrongly";
            }
        }

        return null;
    }

    private static string? FindIndexFault(BackupManifest manifest, bool hasGaps)
    {
        var unlisted = manifest.Volumes.ToDictionary(volume => ArchiveNames.VolumeNumber(volume.Name)!.Value, volume => (long)volume.Entries);
        var number = 0;
        foreach (var part in manifest.IndexParts)
        {
            number = NumberAfter(part is null ? null : ArchiveNames.IndexPartNumber(part.Name), number, hasGaps);
            if (!IsIndexPart(part, number) || !unlisted.ContainsKey(part!.Volume))
            {
                return $"describes index part {number} wrongly";
            }

            unlisted[part.Volume] -= part.Entries;
        }

        return unlisted.FirstOrDefault(volume => volume.Value != 0) is { Key: > 0 } wrong
            ? $"gives volume {wrong.Key} {(wrong.Value > 0 ? "more" : "fewer")} entries than its index"
            : null;
    }

    private static string? FindTotalsFault(BackupManifest manifest)
    {
        var totals = manifest.Totals;
        if (totals.Rows < 0 || totals.RawBytes < 0
            || totals.Entries - manifest.Volumes.Sum(volume => (long)volume.Entries) != totals.ReferencedEntries
            || (UInt128)Math.Max(0, totals.StoredBytes) != Sum(manifest.Volumes))
        {
            return "has totals that are not the sums of its volumes and references";
        }

        return manifest.Failures.Any(failure => failure is null || !Enum.IsDefined(failure.Kind)) ? "lists a failure that is none" : null;
    }

    private static string? FindTableFault(DatabaseSection? database)
    {
        if (database?.Unsupported?.Any(item => item is null) == true)
        {
            return "lists an unsupported object that is none";
        }

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

    private static bool IsRange(string? first, string? last) =>
        EntryPaths.IsValid(first) && EntryPaths.IsValid(last) && string.CompareOrdinal(first, last) <= 0;

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
