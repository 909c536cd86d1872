using Backup.Core.Hosting;
using Backup.Core.Sinks;

namespace Backup.Core.Diagnosis;

/// <summary>The folder of a sink that keeps its objects in files: what of it was there before, and the room on its disk.</summary>
internal sealed class TargetFolder
{
    private readonly string _path;
    private readonly string _existing;

    private TargetFolder(string path)
    {
        _path = path;
        _existing = path;
        while (!Directory.Exists(_existing) && Path.GetDirectoryName(_existing) is { } parent)
        {
            _existing = parent;
        }
    }

    /// <summary>Whether a backup has to make the folder.</summary>
    public bool IsMissing => _existing != _path;

    /// <summary>The folder of a sink as it is now; <see langword="null"/> for a sink of another kind.</summary>
    public static TargetFolder? Of(IBackupSink sink) => sink is DirectorySink ? new TargetFolder(sink.Capabilities.Location) : null;

    /// <summary>The room on the disk; <see langword="null"/> where the file system does not tell.</summary>
    public DiskSpace? ReadSpace() => DiskSpace.Of(_existing);

    /// <summary>Removes the folders that were not there before, as far as they are empty.</summary>
    public void TakeBack()
    {
        if (IsMissing)
        {
            EmptyFolders.Remove(_path, _existing);
        }
    }
}
