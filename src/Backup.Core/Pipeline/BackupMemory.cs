namespace Backup.Core.Pipeline;

/// <summary>The memory that a run took, sampled twice a second, and what it did to take less.</summary>
public sealed record BackupMemory
{
    /// <summary>What the process may take, in bytes: see <see cref="Hosting.HostLimits.MemoryBytes"/>.</summary>
    public required long LimitBytes { get; init; }

    /// <summary>The watermark, in bytes, above which less was read at once.</summary>
    public required long LowWatermarkBytes { get; init; }

    /// <summary>The watermark, in bytes, above which buffers were given back and the garbage collector compacted.</summary>
    public required long HighWatermarkBytes { get; init; }

    /// <summary>The most that the whole process took at one moment, in bytes. In a process that does other work too, that is in it.</summary>
    public required long PeakWorkingSetBytes { get; init; }

    /// <summary>The most that the garbage collector's heap of the process held at one moment, in bytes.</summary>
    public required long PeakManagedBytes { get; init; }

    /// <summary>The most that the run's buffers took at one moment, in bytes; never more than <see cref="BackupResult.MemoryBudgetBytes"/>.</summary>
    public required long PeakBufferBytes { get; init; }

    /// <summary>What the run wrote into a sink that takes the host's memory (<see cref="Sinks.SinkCapabilities.IsInMemory"/>), in bytes; 0 with
    /// any other sink. The watermarks count it.</summary>
    public required long SinkBytes { get; init; }

    /// <summary>How many times the low watermark was passed.</summary>
    public required int TimesSlowed { get; init; }

    /// <summary>How long the run read less at once, all times together.</summary>
    public required TimeSpan SlowedFor { get; init; }

    /// <summary>How many times buffers were given back and the garbage collector compacted.</summary>
    public required int TimesCompacted { get; init; }
}
