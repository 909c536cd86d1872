using Backup.Core.Archives;

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

    /// <summary>The files that only serve a run.</summary>
    public IEnumerable<string> OfRun => Files.Keys.Where(ArchiveNames.IsOfRun);
}
