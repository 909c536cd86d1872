using Backup.Core.Errors;

namespace Backup.Core.Hosting.Probes;

/// <summary>The folders that temporary files could go to, tried in their order.</summary>
internal sealed class TempFolders
{
    private readonly List<HostValue<string>> _candidates = [];
    private readonly HostSystem _system;
    private readonly MemoryFileSystems _memory;

    private TempFolders(HostSystem system, DetectedPlatform platform)
    {
        _system = system;
        _memory = new MemoryFileSystems(system, platform);
    }

    /// <summary>Lists the candidates: the configured folder, the platform's, the system's.</summary>
    public static TempFolders Of(string? configured, DetectedPlatform platform, HostSystem system)
    {
        var folders = new TempFolders(system, platform);
        folders.Add(configured is null ? null : new(configured, "set"));
        folders.Add(platform.TempFolder);
        folders.Add(new(system.SystemTempFolder, "the system's folder for temporary files"));
        return folders;
    }

    /// <summary>The first that can be written and has the space; <see langword="null"/> when none can.</summary>
    public HostValue<TempFolder>? TryChoose(long neededBytes) => Try(neededBytes, []);

    /// <summary>The first that can be written and has the space.</summary>
    /// <exception cref="HostException">None does.</exception>
    public TempFolder Choose(long neededBytes)
    {
        var faults = new List<string>();
        return Try(neededBytes, faults)?.Value ?? throw new HostException(
            $"No folder for temporary files{(neededBytes > 0 ? $" with {ExplainedValue.Bytes(neededBytes)} of space" : string.Empty)}: "
            + string.Join("; ", faults) + ".")
        {
            Hint = "Name a folder that this process may write, mount one (an emptyDir, a volume), or make more space in those named.",
        };
    }

    private HostValue<TempFolder>? Try(long neededBytes, List<string> faults)
    {
        foreach (var candidate in _candidates)
        {
            var probe = _system.Probe(candidate.Value);
            if (probe.Fault is null && !(probe.FreeBytes < neededBytes))
            {
                var before = faults.Count == 0 ? string.Empty : $", as others cannot be used: {string.Join("; ", faults)}";
                return new(new TempFolder(candidate.Value, probe.FreeBytes, _memory.Holds(candidate.Value)), candidate.Source + before);
            }

            faults.Add($"'{candidate.Value}' ({candidate.Source}): "
                + (probe.Fault ?? $"{ExplainedValue.Bytes(probe.FreeBytes ?? 0)} are free"));
        }

        return null;
    }

    private void Add(HostValue<string>? candidate)
    {
        if (candidate is null)
        {
            return;
        }

        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(candidate.Value));
        if (_candidates.TrueForAll(known => known.Value != path))
        {
            _candidates.Add(candidate with { Value = path });
        }
    }
}
