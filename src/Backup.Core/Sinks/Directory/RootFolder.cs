namespace Backup.Core.Sinks;

/// <summary>Creates the folder of a sink, with those above it, so that a power cut does not take it away again.</summary>
/// <remarks>May be called from several threads at once: none goes on before the folder is durable.</remarks>
internal sealed class RootFolder(string path, Action<string> sync)
{
    private readonly Lock _lock = new();

    // Folders that got a new entry which is not known to be on the disk; the uppermost lies on top.
    private readonly Stack<string> _changed = new();

    /// <summary>Creates the folder unless it is there, and flushes every folder that got a new entry by that.</summary>
    /// <exception cref="IOException">The medium refuses, or the disk failed; the next call tries again.</exception>
    public void Create()
    {
        lock (_lock)
        {
            var changed = FindParentsOfMissing();
            Directory.CreateDirectory(path);
            changed.ForEach(_changed.Push);
            while (_changed.TryPeek(out var folder))
            {
                sync(folder);
                _changed.Pop();
            }
        }
    }

    private List<string> FindParentsOfMissing()
    {
        var parents = new List<string>();
        for (var folder = path; !Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } parent; folder = parent)
        {
            parents.Add(parent);
        }

        return parents;
    }
}
