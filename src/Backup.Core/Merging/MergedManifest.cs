using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Diagnostics;

namespace Backup.Core.Merging;

/// <summary>What the new backup of a merge says of itself: all that the merged one said of its source and of when it was read, and its own files.</summary>
internal static class MergedManifest
{
    /// <summary>The program that writes it.</summary>
    public static readonly string Program = $"Backup.Core {BackupInstruments.Version}";

    /// <summary>Makes the manifest.</summary>
    /// <param name="source">The manifest of the merged backup.</param>
    /// <param name="id">The new backup.</param>
    /// <param name="contents">What it holds.</param>
    public static BackupManifest Of(BackupManifest source, BackupId id, ArchiveContents contents) => source with
    {
        FormatVersion = contents.FormatVersion,
        Id = id,
        Kind = BackupKind.Merged,
        Parent = null,
        Chain = 0,
        MergedFrom = [.. (source.References ?? []).Select(reference => reference.Id).Append(source.Id).Order()],
        WrittenBy = Program,

        // Its volumes hold entries of all parts side by side.
        Parts = source.Parts is { } parts ? [.. parts.Select(part => part with { FirstVolume = 1 })] : null,
        Volumes = contents.Volumes,
        IndexParts = contents.IndexParts,
        ReferenceParts = null,
        References = null,
        Totals = contents.ToTotals(source.Totals.Rows, source.Totals.Objects),

        // Neither was copied.
        Superseded = null,
        Failures = [.. source.Failures.Select(failure => failure with { Path = null })],
    };

    /// <summary>Writes the new backup's restore guide.</summary>
    /// <param name="source">The manifest of the merged backup.</param>
    /// <param name="id">The new backup.</param>
    /// <param name="totals">What it will hold.</param>
    public static byte[] GuideOf(BackupManifest source, BackupId id, MergeTotals totals) => RestoreGuide.Write(new RestoreGuideFacts
    {
        Id = id,
        WrittenBy = Program,
        Method = totals.Method,
        Database = source.Database is { } database
            ? new RestoreGuideDatabase(database.Name, database.ServerVersion, database.Encoding, database.SnapshotAt, database.Roles is not null)
            : null,
        Storage = source.Storage is { } storage ? new RestoreGuideStorage(storage.Location, storage.Listing) : null,
    });
}
