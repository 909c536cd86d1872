using Backup.Core.Hosting;
using Backup.Core.Hosting.Probes;

namespace Backup.Core.Tests.Hosting.Probes;

/// <summary>A host that says what a test wants: variables, files, folders.</summary>
internal sealed class FakeHost : HostSystem
{
    public const long MiB = 1024 * 1024;

    public Dictionary<string, string> Variables { get; } = [];

    public Dictionary<string, string> Files { get; } = [];

    /// <summary>The folders that can be written, with their free space.</summary>
    public Dictionary<string, long?> Writable { get; } = new() { ["/tmp"] = 100 * MiB };

    /// <summary>The folders that are on tmpfs.</summary>
    public HashSet<string> InMemory { get; } = [];

    public int ProcessorCount { get; set; } = 4;

    public long Heap { get; set; } = 16_384 * MiB;

    public override int Processors => ProcessorCount;

    public override long HeapBytes => Heap;

    public override string SystemTempFolder => "/tmp/";

    /// <summary>What is detected of it.</summary>
    public HostLimits Detect(HostOverrides? overrides = null) => HostLimits.Detect(overrides ?? new HostOverrides(), this);

    /// <summary>A host of which only processors and memory count.</summary>
    public static HostLimits Of(double processors, long memoryBytes) => new()
    {
        Platform = new(HostPlatform.Machine, "test"),
        Processors = new(processors, "test"),
        MemoryBytes = new(memoryBytes, "test"),
        IsMemoryLimited = true,
        HeapBytes = new(memoryBytes, "test"),
    };

    /// <summary>Puts the process into groups of version 2, the root of which is mounted.</summary>
    public FakeHost WithUnifiedGroups(string path)
    {
        Files["/proc/self/cgroup"] = $"0::{path}\n";
        Files["/proc/self/mountinfo"] = "22 1 0:1 / / rw - ext4 /dev/vda rw\n30 22 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw\n";
        return this;
    }

    public override string? GetVariable(string name) => Variables.GetValueOrDefault(name);

    public override string? ReadText(string path) => Files.GetValueOrDefault(path);

    public override FolderProbe Probe(string folder) =>
        Writable.TryGetValue(folder, out var free) ? new FolderProbe(null, free) : new FolderProbe("Read-only file system", null);

    public override bool IsOnMemoryFileSystem(string path) => InMemory.Contains(path);
}
