using Backup.Core.Archives.Manifest;

namespace Backup.Core.Archives.Indexing;

/// <summary>One file of index lines, as a manifest or a checkpoint describes it: a part of the index or of the references.</summary>
/// <param name="Name">The file's name inside the backup's folder.</param>
/// <param name="Bytes">Its size in bytes.</param>
/// <param name="Sha256">The SHA-256 of the whole file, as 64 lower-case hex digits.</param>
/// <param name="Entries">The number of its lines.</param>
/// <param name="Volume">The volume that holds its entries; <see langword="null"/> where other backups hold them.</param>
/// <param name="FirstPath">The path of the first entry.</param>
/// <param name="LastPath">The path of the last entry.</param>
internal sealed record IndexFile(string Name, long Bytes, string Sha256, int Entries, int? Volume, string FirstPath, string LastPath)
{
    /// <summary>A part of the index.</summary>
    public static IndexFile Of(IndexPartRecord part) =>
        new(part.Name, part.Bytes, part.Sha256, part.Entries, part.Volume, part.FirstPath, part.LastPath);

    /// <summary>A part of the references.</summary>
    public static IndexFile Of(ReferencePartRecord part) =>
        new(part.Name, part.Bytes, part.Sha256, part.Entries, null, part.FirstPath, part.LastPath);

    /// <summary>All that a backup has: its index, then its references.</summary>
    public static IEnumerable<IndexFile> AllOf(BackupManifest manifest) =>
        manifest.IndexParts.Select(Of).Concat((manifest.ReferenceParts ?? []).Select(Of));
}
