using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Referencing;

namespace Backup.Core.Pipeline.Incremental;

/// <summary>What an incremental run compares with, and references what has not changed since: its parent. Several stages may use it at once.</summary>
/// <param name="Reader">Reads the parent, and through it whatever it references.</param>
/// <param name="Index">Finds its pages and objects.</param>
internal sealed record IncrementalBase(ArchiveReader Reader, ParentIndex Index) : IDisposable
{
    /// <summary>What the parent says of itself.</summary>
    public BackupManifest Manifest => Reader.Manifest;

    /// <summary>The parent's id.</summary>
    public BackupId Id => Manifest.Id;

    /// <summary>The length of the chain that the run's backup ends: 1 where the parent is full.</summary>
    public int Chain => Manifest.Chain + 1;

    /// <inheritdoc/>
    public void Dispose() => Index.Dispose();
}
