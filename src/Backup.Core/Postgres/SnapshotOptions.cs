namespace Backup.Core.Postgres;

/// <summary>How a snapshot is opened.</summary>
internal sealed record SnapshotOptions
{
    /// <summary>
    /// The connections that read; at least 1. The coordinator is one of them where connections are Npgsql's, and comes on top
    /// where they speak the protocol themselves.
    /// </summary>
    public required int Connections { get; init; }

    /// <summary>Whether connections that read may speak the protocol themselves, where they can.</summary>
    public bool UsesWire { get; init; } = true;

    /// <summary>How long a lock on a table is awaited; <see cref="TimeSpan.Zero"/> waits for ever.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long opening one connection may take; without an end by default.</summary>
    public TimeSpan ConnectTimeout { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>
    /// How long the server may say nothing. One that works on a page sends something every few seconds; one that is silent for so
    /// long is gone, even when something in between still answers TCP's keepalives.
    /// </summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a further reader may take to connect and join before the run goes on without it.</summary>
    public TimeSpan JoinTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How long the one reader that the coordinator could stand in for is waited for, when all others have joined: a pooler
    /// may have no place left for it.
    /// </summary>
    public TimeSpan LastJoinTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The plan that the tables will be paged by: it tells which of them are read by queries that lock indexes.</summary>
    public PageLimits Pages { get; init; } = new();

    /// <summary>
    /// Whether the objects of Supabase Storage are to be listed from the snapshot: their tables are locked then whatever the
    /// selection says, and <see cref="SnapshotSession.OpenObjectsAsync"/> may be called.
    /// </summary>
    public bool ListsObjects { get; init; }

    /// <summary>Whether other processes are to join: then the snapshot is exported even where no further connection of this one needs that.</summary>
    public bool IsShared { get; init; }

    /// <summary>Whether <see cref="TableInfo.Fingerprint"/> is wanted: a run that may be resumed keeps it.</summary>
    public bool ReadsFingerprints { get; init; }

    /// <summary>Whether <see cref="TableInfo.Writes"/> is wanted; <see cref="ReadsFingerprints"/> too then.</summary>
    public bool ReadsStatistics { get; init; }

    /// <summary>Whether tables that cannot be read are listed as such instead of failing the call.</summary>
    public bool AllowUnreadableTables { get; init; }
}
