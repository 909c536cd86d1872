namespace Backup.Core.Sinks;

/// <summary>What a sink can do, as data, so that callers decide before they begin.</summary>
public sealed record SinkCapabilities
{
    /// <summary>A short name of the place for people, without secrets: <c>/var/backups</c>.</summary>
    public required string Location { get; init; }

    /// <summary>Whether a committed object survives a power cut.</summary>
    public required bool IsDurable { get; init; }

    /// <summary>Whether <see cref="IBackupSink.OpenReadAsync"/> can start anywhere in an object at no cost in proportion to the offset.</summary>
    public bool SupportsRanges { get; init; } = true;

    /// <summary>The size in bytes of the largest object that can be stored; <see langword="null"/> when there is no limit.</summary>
    public long? MaxObjectBytes { get; init; }

    /// <summary>Whether objects take the host's memory, outside that of this process: files on tmpfs, or anywhere on Cloud Run. What a run
    /// writes there then counts against the memory that it may take.</summary>
    /// <value><see langword="false"/> by default, as for objects on a disk, on another host, or on this process's own heap.</value>
    public bool IsInMemory { get; init; }
}
