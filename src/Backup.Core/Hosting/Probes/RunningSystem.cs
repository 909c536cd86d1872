namespace Backup.Core.Hosting.Probes;

/// <summary>The system that the process runs on.</summary>
internal sealed class RunningSystem : HostSystem
{
    /// <summary>The one there is; it has no state.</summary>
    public static readonly RunningSystem Instance = new();

    private RunningSystem()
    {
    }

    /// <inheritdoc/>
    public override int Processors => Environment.ProcessorCount;

    /// <inheritdoc/>
    public override long HeapBytes => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <inheritdoc/>
    public override string SystemTempFolder => Path.GetTempPath();

    /// <inheritdoc/>
    public override string? GetVariable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    /// <inheritdoc/>
    public override string? ReadText(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public override FolderProbe Probe(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var path = Path.Join(folder, $".backup-core.{Guid.NewGuid():n}.probe");
            using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose))
            {
                file.WriteByte(0);
            }

            return new FolderProbe(null, DiskSpace.Of(folder)?.FreeBytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return new FolderProbe(exception.Message, null);
        }
    }

    /// <inheritdoc/>
    public override bool IsOnMemoryFileSystem(string path)
    {
        try
        {
            var folder = Path.GetFullPath(path);
            while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } parent)
            {
                folder = parent;
            }

            // The runtime counts tmpfs and ramfs as this, by their numbers in statfs.
            return new DriveInfo(folder).DriveType == DriveType.Ram;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }
}
