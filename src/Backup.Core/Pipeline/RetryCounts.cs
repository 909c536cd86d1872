namespace Backup.Core.Pipeline;

/// <summary>How often a run tried something again that had failed for a passing reason. What a store's own client tries again within
/// one download is not counted.</summary>
/// <param name="Connections">The opening of a database connection.</param>
/// <param name="Pages">The reading of a page of rows.</param>
/// <param name="Objects">The download of an object.</param>
/// <param name="SinkCalls">A call of the sink.</param>
public sealed record RetryCounts(long Connections, long Pages, long Objects, long SinkCalls)
{
    /// <summary>No retries.</summary>
    public static RetryCounts None { get; } = new(0, 0, 0, 0);

    /// <summary>All of them.</summary>
    public long Total => Connections + Pages + Objects + SinkCalls;
}
