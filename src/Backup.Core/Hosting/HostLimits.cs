namespace Backup.Core.Hosting;

/// <summary>What the process may use of its host: the facts that automatic settings rest on.</summary>
/// <param name="Processors">The number of processors, container limits included.</param>
/// <param name="MemoryBytes">The memory the garbage collector may plan with, in bytes: the container's or the heap's hard limit where there is one.</param>
internal readonly record struct HostLimits(int Processors, long MemoryBytes)
{
    /// <summary>Asks the runtime, which has read the container's limits already.</summary>
    public static HostLimits Read() =>
        new(System.Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
}
