namespace Backup.Core.Hosting;

/// <summary>What is known of the host, and from where.</summary>
/// <typeparam name="T">The kind of value.</typeparam>
/// <param name="Value">The value.</param>
/// <param name="Source">Where it comes from, for people: <c>cgroup v2, /sys/fs/cgroup/memory.max</c>.</param>
public sealed record HostValue<T>(T Value, string Source);
