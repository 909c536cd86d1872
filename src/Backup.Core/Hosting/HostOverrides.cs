namespace Backup.Core.Hosting;

/// <summary>What is said of the host in place of what would be detected. What is <see langword="null"/> is detected.</summary>
public sealed class HostOverrides
{
    /// <summary>The least memory, or heap, that can be said, in bytes: 16 MiB.</summary>
    public const long MinMemoryBytes = 16L * 1024 * 1024;

    /// <summary>What kind of host it is.</summary>
    /// <value><see langword="null"/> by default: detected.</value>
    public HostPlatform? Platform { get; set; }

    /// <summary>How many processors the process may use; a fraction where it may use one only part of the time. More than 0.</summary>
    /// <value><see langword="null"/> by default: detected.</value>
    public double? Processors { get; set; }

    /// <summary>The memory at which the host would end the process, in bytes; at least <see cref="MinMemoryBytes"/>.</summary>
    /// <value><see langword="null"/> by default: detected.</value>
    public long? MemoryBytes { get; set; }

    /// <summary>The memory that the garbage collector's heap may take, in bytes; at least <see cref="MinMemoryBytes"/>. It is what a run plans with:
    /// the collector's own limit stays as it is.</summary>
    /// <value><see langword="null"/> by default: what the collector says.</value>
    public long? HeapBytes { get; set; }

    /// <summary>The folder for temporary files.</summary>
    /// <value><see langword="null"/> by default: the platform's, or the system's. So it is where this one cannot be written.</value>
    public string? TempFolder { get; set; }

    /// <summary>How long the host lets one invocation run. More than zero.</summary>
    /// <value><see langword="null"/> by default: what the platform grants, where that is known.</value>
    public TimeSpan? TimeLimit { get; set; }

    /// <summary>The same values apart from these.</summary>
    internal HostOverrides Copy() => (HostOverrides)MemberwiseClone();

    /// <summary>What is set, in words: <c>Platform Fly MemoryBytes 268435456</c>; <c>detected</c> where nothing is.</summary>
    internal string Describe()
    {
        string?[] set =
        [
            Platform is { } platform ? $"{nameof(Platform)} {platform}" : null,
            Processors is { } processors ? $"{nameof(Processors)} {ExplainedValue.Number(processors)}" : null,
            MemoryBytes is { } memory ? $"{nameof(MemoryBytes)} {memory}" : null,
            HeapBytes is { } heap ? $"{nameof(HeapBytes)} {heap}" : null,
            TempFolder is { } folder ? $"{nameof(TempFolder)} {folder}" : null,
            TimeLimit is { } limit ? $"{nameof(TimeLimit)} {limit:c}" : null,
        ];
        return string.Join(" ", set.Where(text => text is not null)) is { Length: > 0 } found ? found : "detected";
    }

    /// <summary>What is wrong with the values; empty when nothing is.</summary>
    internal IEnumerable<string> Validate()
    {
        if (Platform is { } platform && !Enum.IsDefined(platform))
        {
            yield return $"{nameof(Platform)} is {platform}; there is no such platform.";
        }

        if (Processors is { } processors && !(processors > 0 && double.IsFinite(processors)))
        {
            yield return $"{nameof(Processors)} is {ExplainedValue.Number(processors)}; it must be more than 0.";
        }

        if (MemoryBytes < MinMemoryBytes)
        {
            yield return $"{nameof(MemoryBytes)} is {MemoryBytes}; it must be at least {MinMemoryBytes}.";
        }

        if (HeapBytes < MinMemoryBytes)
        {
            yield return $"{nameof(HeapBytes)} is {HeapBytes}; it must be at least {MinMemoryBytes}.";
        }

        if (TempFolder is { } folder && string.IsNullOrWhiteSpace(folder))
        {
            yield return $"{nameof(TempFolder)} is empty; it must be the path of a folder.";
        }

        if (TimeLimit <= TimeSpan.Zero)
        {
            yield return $"{nameof(TimeLimit)} is {TimeLimit}; it must be more than zero.";
        }
    }
}
