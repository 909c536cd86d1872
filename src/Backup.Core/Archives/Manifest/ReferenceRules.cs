namespace Backup.Core.Archives.Manifest;

/// <summary>What a manifest must keep to where it says of what kind its backup is, and which others hold its bytes.</summary>
internal static class ReferenceRules
{
    private const string DigestPrefix = "sha256:";

    /// <summary>Finds the first rule that is broken.</summary>
    /// <param name="manifest">The manifest as it was read.</param>
    /// <returns>What is wrong, to follow the file's name; <see langword="null"/> when all is well.</returns>
    public static string? FindFault(BackupManifest manifest) => FindKindFault(manifest) ?? FindReferenceFault(manifest);

    /// <summary>Says whether a text can be the digest of a manifest.</summary>
    /// <param name="text">The text.</param>
    public static bool IsDigest(string? text) =>
        text is not null && text.StartsWith(DigestPrefix, StringComparison.Ordinal) && ManifestRules.IsSha256(text[DigestPrefix.Length..]);

    private static string? FindKindFault(BackupManifest manifest)
    {
        var isIncremental = manifest.Kind == BackupKind.Incremental;
        var isMerged = manifest.Kind == BackupKind.Merged;
        return !Enum.IsDefined(manifest.Kind) ? "is of no kind that there is"
            : isIncremental != manifest.Parent is not null || isIncremental != manifest.Chain > 0 || manifest.Chain < 0 || manifest.Parent == manifest.Id
                ? "has a parent that it cannot have, or none"
            : isMerged != manifest.MergedFrom is { Count: > 0 } || (manifest.MergedFrom ?? []).Contains(manifest.Id)
                ? "was merged from nothing that it can be merged from"
            : !isIncremental && (manifest.References ?? manifest.ReferenceParts as object) is not null ? "references others and is not incremental"
            : null;
    }

    private static string? FindReferenceFault(BackupManifest manifest)
    {
        var parts = manifest.ReferenceParts ?? [];
        var references = manifest.References ?? [];
        if (parts.Count > 0 && manifest.FormatVersion.StartsWith("1.", StringComparison.Ordinal))
        {
            return $"has the format version {manifest.FormatVersion} and references others";
        }

        if (references.Count > ArchiveLimits.MaxReferencedBackups)
        {
            return $"references {references.Count} backups; the most are {ArchiveLimits.MaxReferencedBackups}";
        }

        var listed = 0L;
        var number = 0;
        foreach (var part in parts)
        {
            number = ManifestRules.NumberAfter(part is null ? null : ArchiveNames.ReferencePartNumber(part.Name), number, hasGaps: true);
            if (!ManifestRules.IsReferencePart(part, number))
            {
                return $"describes reference part {number} wrongly";
            }

            listed += part!.Entries;
        }

        return FindBackupFault(manifest, references) ?? FindSumFault(manifest.Totals, references, listed);
    }

    private static string? FindBackupFault(BackupManifest manifest, IReadOnlyList<ReferenceRecord> references)
    {
        for (var i = 0; i < references.Count; i++)
        {
            if (references[i] is not { Entries: > 0, StoredBytes: >= 0 } reference || !IsDigest(reference.Digest) || reference.Id == manifest.Id
                || (i > 0 && reference.Id.CompareTo(references[i - 1].Id) <= 0))
            {
                return $"describes the backup {references[i]?.Id} that it references wrongly, twice or out of order";
            }
        }

        return null;
    }

    // Hostile sizes may add up to more than 63 bits.
    private static string? FindSumFault(BackupTotals totals, IReadOnlyList<ReferenceRecord> references, long listed)
    {
        var entries = UInt128.Zero;
        var bytes = UInt128.Zero;
        foreach (var reference in references)
        {
            entries += (UInt128)reference.Entries;
            bytes += (UInt128)reference.StoredBytes;
        }

        return totals.ReferencedEntries != listed || entries != (UInt128)listed
            || totals.ReferencedBytes < 0 || bytes != (UInt128)totals.ReferencedBytes
            ? "references other backups and gives sums that are none"
            : null;
    }
}
