using Backup.Core.Archives;
using Backup.Core.Archives.Indexing;
using Backup.Core.Archives.Manifest;

namespace Backup.Core.Catalog;

/// <summary>The folder of one backup, finished or not.</summary>
/// <param name="Id">The backup.</param>
/// <param name="Files">Its files: their names inside the folder and their sizes.</param>
internal sealed record RunFolder(BackupId Id, Dictionary<string, long> Files)
{
    /// <summary>Whether the backup is finished.</summary>
    public bool IsCommitted => Files.ContainsKey(ArchiveNames.Manifest);

    /// <summary>Whether a prune has said that it is about to be removed.</summary>
    public bool IsMarked => Files.ContainsKey(ArchiveNames.PruneMark);

    /// <summary>The size of its files, in bytes; without the mark, which a prune adds itself.</summary>
    public long Bytes => Files.Where(file => file.Key != ArchiveNames.PruneMark).Sum(file => file.Value);

    /// <summary>The number of its last checkpoint; <see langword="null"/> where there is none.</summary>
    public int? LastCheckpoint => Files.Keys.Max(ArchiveNames.CheckpointNumber);

    /// <summary>Whether all files are there that the backup's manifest names, and of their sizes.</summary>
    public bool HasFilesOf(BackupManifest manifest) => !DamagedFilesOf(manifest).Any();

    /// <summary>The files that the backup's manifest names and that are not there, or of another size.</summary>
    public IEnumerable<DamagedFile> DamagedFilesOf(BackupManifest manifest) =>
        from file in manifest.Volumes.Select(volume => (volume.Name, volume.Bytes))
            .Concat(IndexFile.AllOf(manifest).Select(part => (part.Name, part.Bytes)))
        let bytes = Files.TryGetValue(file.Name, out var listed) ? listed : (long?)null
        where bytes != file.Bytes
        select new DamagedFile(file.Name, file.Bytes, bytes);

    /// <summary>The files that only serve a run.</summary>
    public IEnumerable<string> OfRun => Files.Keys.Where(ArchiveNames.IsOfRun);
}
