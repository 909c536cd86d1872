namespace Backup.Core.Pipeline;

/// <summary>The memory of a run and of its process, at one moment.</summary>
/// <param name="BufferBytes">What the run's buffers hold, in bytes.</param>
/// <param name="BufferLimitBytes">The most that they may hold, in bytes.</param>
/// <param name="ManagedHeapBytes">The size of the process's managed heap, in bytes, garbage that is not yet collected included.</param>
/// <param name="WorkingSetBytes">The physical memory of the process, in bytes.</param>
public sealed record MemoryUse(long BufferBytes, long BufferLimitBytes, long ManagedHeapBytes, long WorkingSetBytes);
