using Backup.Core.Archives.Manifest;

namespace Backup.Core.Archives;

/// <summary>What an <see cref="ArchiveWriter"/> has made durable: the part of the manifest that it knows.</summary>
/// <param name="Volumes">The zip files, in order.</param>
/// <param name="IndexParts">The parts of the index, in order.</param>
/// <param name="Entries">The number of entries, those that other backups hold among them.</param>
/// <param name="RawBytes">The size of all entries before packing, in bytes.</param>
/// <param name="StoredBytes">The size of all volumes, in bytes.</param>
internal sealed record ArchiveContents(
    IReadOnlyList<VolumeRecord> Volumes,
    IReadOnlyList<IndexPartRecord> IndexParts,
    long Entries,
    long RawBytes,
    long StoredBytes)
{
    /// <summary>The parts of the references, in order; <see langword="null"/> where all bytes lie in this backup.</summary>
    public IReadOnlyList<ReferencePartRecord>? ReferenceParts { get; init; }

    /// <summary>The backups that hold bytes of this one, sorted; <see langword="null"/> where there are none.</summary>
    public IReadOnlyList<ReferenceRecord>? References { get; init; }

    /// <summary>The lowest version of the format that says all of this.</summary>
    public string FormatVersion => FormatVersions.Of(Volumes, IndexParts, ReferenceParts);

    /// <summary>
    /// The folders below <c>database/data/</c> that hold pages, each ending in a slash; none unless the run is resumable. Those that
    /// no table and no failure of the manifest names are its <see cref="BackupManifest.Superseded"/>.
    /// </summary>
    public IReadOnlySet<string> PageFolders { get; init; } = new HashSet<string>();

    /// <summary>What the manifest says in sum.</summary>
    /// <param name="rows">The number of table rows.</param>
    /// <param name="objects">The number of stored objects.</param>
    public BackupTotals ToTotals(long rows, long objects) => new(Entries, rows, RawBytes, StoredBytes)
    {
        Objects = objects,
        ReferencedEntries = References?.Sum(reference => reference.Entries) ?? 0,
        ReferencedBytes = References?.Sum(reference => reference.StoredBytes) ?? 0,
    };

    /// <summary>Throws unless a manifest is of these files and keeps the rules of the format.</summary>
    /// <param name="id">The backup.</param>
    /// <param name="manifest">The manifest.</param>
    /// <exception cref="ArgumentException">It is of another backup, or breaks a rule.</exception>
    public void ThrowUnlessOf(BackupId id, BackupManifest manifest)
    {
        if (manifest.Id != id || !AreOf(manifest))
        {
            throw new ArgumentException("The manifest does not describe this archive.", nameof(manifest));
        }

        if (ManifestRules.FindFault(manifest) is { } fault)
        {
            throw new ArgumentException($"The manifest {fault}.", nameof(manifest));
        }
    }

    private bool AreOf(BackupManifest manifest) =>
        manifest.Volumes.SequenceEqual(Volumes) && manifest.IndexParts.SequenceEqual(IndexParts)
        && (manifest.ReferenceParts ?? []).SequenceEqual(ReferenceParts ?? []) && (manifest.References ?? []).SequenceEqual(References ?? []);
}
