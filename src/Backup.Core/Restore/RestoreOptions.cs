namespace Backup.Core.Restore;

/// <summary>How a restore works, the same for all its runs.</summary>
public sealed class RestoreOptions
{
    /// <summary>The most connections that can be asked for.</summary>
    public const int MaxConnections = 64;

    /// <summary>The most connections that are opened when the number is left to the library.</summary>
    public const int MaxAutomaticConnections = 4;

    /// <summary>The most uploads at once that can be asked for.</summary>
    public const int MaxTransfers = 64;

    /// <summary>How many uploads go on at once when nothing else is set.</summary>
    public const int DefaultTransfers = 3;

    /// <summary>How many stored objects may fail when nothing else is set.</summary>
    public const int DefaultMaxObjectFailures = 1000;

    /// <summary>How often progress is told at the most, when nothing else is set: four times a second.</summary>
    public static readonly TimeSpan DefaultProgressInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// How many connections load rows and build indexes at once, from 1 to <see cref="MaxConnections"/>. Each costs the library
    /// a few buffers and the server one <c>maintenance_work_mem</c> while it builds an index.
    /// </summary>
    /// <value><see langword="null"/> by default: one for each processor, at most <see cref="MaxAutomaticConnections"/>.</value>
    public int? Connections { get; set; }

    /// <summary>
    /// Whether each table's rows are loaded in the order in which they lay at the source, which keeps BRIN indexes and the
    /// planner's correlations as good as they were. A table is then loaded by one connection in one transaction, as pg_restore
    /// does it; otherwise several connections load pages of one table at once, which is faster where one table is most of the
    /// database.
    /// </summary>
    /// <value><see langword="true"/> by default.</value>
    public bool PreserveRowOrder { get; set; } = true;

    /// <summary>How many stored objects are uploaded at once, from 1 to <see cref="MaxTransfers"/>.</summary>
    /// <value><see cref="DefaultTransfers"/> by default.</value>
    public int Transfers { get; set; } = DefaultTransfers;

    /// <summary>
    /// How many stored objects may fail; each is named in the result. One more, and no further objects are uploaded: the result
    /// then says so, and the rest of the restore goes on.
    /// </summary>
    /// <value><see cref="DefaultMaxObjectFailures"/> by default; at least 0.</value>
    public int MaxObjectFailures { get; set; } = DefaultMaxObjectFailures;

    /// <summary>The shortest time between two reports of progress; at least zero.</summary>
    /// <value><see cref="DefaultProgressInterval"/> by default.</value>
    public TimeSpan ProgressInterval { get; set; } = DefaultProgressInterval;
}
