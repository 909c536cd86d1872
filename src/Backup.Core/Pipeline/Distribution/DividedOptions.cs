namespace Backup.Core.Pipeline.Distribution;

/// <summary>The settings of a run that workers copy.</summary>
/// <param name="Own">Those of the run itself, which reads the schema and what no worker can.</param>
/// <param name="Worker">Those of each worker.</param>
/// <param name="Workers">How many workers there are.</param>
internal sealed record DividedOptions(BackupOptions Own, BackupOptions Worker, int Workers)
{
    /// <summary>The connections that read rows in all workers together; 0 without a database.</summary>
    public required int Connections { get; init; }

    /// <summary>The threads that pack in all workers together.</summary>
    public required int CompressionWorkers { get; init; }

    /// <summary>The memory that buffers may take in all processes together, in bytes.</summary>
    public required long MemoryBudgetBytes { get; init; }
}
