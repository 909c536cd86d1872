namespace Backup.Core.Archives.Manifest;

/// <summary>The versions of the format that this library writes: always the lowest one that says all there is to say.</summary>
internal static class FormatVersions
{
    /// <summary>The version of a backup that holds all its bytes itself, in volumes numbered without a gap.</summary>
    public const string Plain = "1.4";

    /// <summary>The version of one that a reader of major version 1 would misread: it references others, or its numbers have gaps.</summary>
    public const string Referencing = "2.1";

    private static readonly Version NewestPlain = new(1, 4);
    private static readonly Version NewestReferencing = new(BackupManifest.CurrentMajorVersion, BackupManifest.CurrentMinorVersion);

    /// <summary>The version of a backup of these files.</summary>
    /// <param name="volumes">Its zip files.</param>
    /// <param name="indexParts">Its index.</param>
    /// <param name="referenceParts">Its references.</param>
    public static string Of(
        IReadOnlyList<VolumeRecord> volumes, IReadOnlyList<IndexPartRecord> indexParts, IReadOnlyList<ReferencePartRecord>? referenceParts) =>
        referenceParts is { Count: > 0 }
        || (volumes.Count > 0 && volumes[^1].Name != ArchiveNames.Volume(volumes.Count))
        || (indexParts.Count > 0 && indexParts[^1].Name != ArchiveNames.IndexPart(indexParts.Count))
            ? Referencing
            : Plain;

    /// <summary>Says whether this library does not know all that a file of a version may say.</summary>
    /// <param name="version">The version.</param>
    public static bool IsNewer(Version version) => version > (version.Major > NewestPlain.Major ? NewestReferencing : NewestPlain);
}
