namespace Backup.Core.Archives.Resuming;

/// <summary>What a run adds to a checkpoint: only what lies in durable volumes, and only what no checkpoint before has said.</summary>
internal sealed record CheckpointContent
{
    /// <summary>Nothing.</summary>
    public static readonly CheckpointContent Empty = new() { Tables = [], Pages = [] };

    /// <summary>Tables that became complete.</summary>
    public required IReadOnlyList<CheckpointTable> Tables { get; init; }

    /// <summary>Pages of tables that are not complete; none unless tables may be mixed of several snapshots.</summary>
    public required IReadOnlyList<CheckpointPages> Pages { get; init; }
}
