namespace Backup.Core.Hosting.Probes;

/// <summary>What probes ask: environment, files, runtime. The one place that tests replace.</summary>
internal abstract class HostSystem
{
    /// <summary>The processors that the runtime counts.</summary>
    public abstract int Processors { get; }

    /// <summary>The memory that the garbage collector plans with, in bytes.</summary>
    public abstract long HeapBytes { get; }

    /// <summary>The system's folder for temporary files.</summary>
    public abstract string SystemTempFolder { get; }

    /// <summary>An environment variable; <see langword="null"/> when it is missing or empty.</summary>
    public abstract string? GetVariable(string name);

    /// <summary>A small text file; <see langword="null"/> when it is not there or cannot be read.</summary>
    public abstract string? ReadText(string path);

    /// <summary>Tries to write into a folder, which is made if it is not there.</summary>
    public abstract FolderProbe Probe(string folder);

    /// <summary>Whether a path, or the nearest folder above it that exists, lies on a file system in memory.</summary>
    public abstract bool IsOnMemoryFileSystem(string path);
}
