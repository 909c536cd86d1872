namespace Backup.Core.Postgres;

/// <summary>How a snapshot is opened.</summary>
internal sealed record SnapshotOptions
{
    /// <summary>The connections that read, the coordinator among them; at least 1.</summary>
    public required int Connections { get; init; }

    /// <summary>How long a lock on a table is awaited; <see cref="TimeSpan.Zero"/> waits for ever.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a further reader may take to connect and join before the run goes on without it.</summary>
    public TimeSpan JoinTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The plan that the tables will be paged by: it tells which of them are read by queries that lock indexes.</summary>
    public PageLimits Pages { get; init; } = new();

    /// <summary>
    /// Whether the objects of Supabase Storage are to be listed from the snapshot: their tables are locked then whatever the
    /// selection says, and <see cref="SnapshotSession.OpenObjectsAsync"/> may be called.
    /// </summary>
    public bool ListsObjects { get; init; }

    /// <summary>Whether tables that cannot be read are listed as such instead of failing the call.</summary>
    public bool AllowUnreadableTables { get; init; }
}
