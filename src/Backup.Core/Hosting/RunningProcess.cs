namespace Backup.Core.Hosting;

/// <summary>The memory of this process.</summary>
internal sealed class RunningProcess : ProcessMemory
{
    /// <summary>The one there is; it has no state.</summary>
    public static readonly RunningProcess Instance = new();

    private RunningProcess()
    {
    }

    /// <inheritdoc/>
    public override long WorkingSetBytes => Environment.WorkingSet;

    /// <inheritdoc/>
    public override long ManagedBytes => GC.GetTotalMemory(forceFullCollection: false);

    // Only this mode also gives the memory back to the system at once.
    /// <inheritdoc/>
    public override void Compact() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
}
