namespace Backup.Core.Hosting;

/// <summary>The memory of the process, as the system and the garbage collector count it.</summary>
internal abstract class ProcessMemory
{
    /// <summary>What of it lies in the machine's memory, in bytes.</summary>
    public abstract long WorkingSetBytes { get; }

    /// <summary>What the garbage collector's heap holds, in bytes, dead objects included.</summary>
    public abstract long ManagedBytes { get; }

    /// <summary>Collects all that is dead, moves the rest together and gives the system back what that frees. Stops all threads meanwhile.</summary>
    public abstract void Compact();
}
