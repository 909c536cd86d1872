using Backup.Core.Sinks;

namespace Backup.Core.Archives;

/// <summary>The files that a run has made visible, or has tried to, so that an abort can take them back.</summary>
/// <remarks>Used by one caller at a time.</remarks>
internal sealed class PublishedFiles(IBackupSink sink, BackupId id)
{
    private readonly Stack<string> _files = new();

    /// <summary>Notes a file just before it is published: whether a failed publication became visible is not known.</summary>
    /// <param name="file">The file's name inside the backup's folder.</param>
    public void Add(string file) => _files.Push(file);

    /// <summary>
    /// Deletes the files, last first and so the manifest before all others. Never throws, so that a clean-up cannot hide why it is
    /// needed; and stops at the first file that cannot be deleted, so that no manifest is left without its volumes.
    /// </summary>
    public async ValueTask DeleteAsync()
    {
        try
        {
            while (_files.TryPeek(out var file))
            {
                await sink.DeleteAsync(ArchiveNames.InSink(id, file), CancellationToken.None).ConfigureAwait(false);
                _files.Pop();
            }
        }
        catch (Exception)
        {
            // What stays has no manifest unless deleting that failed first, in which case the backup is whole.
        }
    }
}
