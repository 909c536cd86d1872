namespace Backup.Core.Restore;

/// <summary>How a restore works, the same for all its runs.</summary>
public sealed class RestoreOptions
{
    /// <summary>The most connections that can be asked for.</summary>
    public const int MaxConnections = 64;

    /// <summary>The most connections that are opened when the number is left to the library.</summary>
    public const int MaxAutomaticConnections = 4;

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

    /// <summary>The shortest time between two reports of progress; at least zero.</summary>
    /// <value><see cref="DefaultProgressInterval"/> by default.</value>
    public TimeSpan ProgressInterval { get; set; } = DefaultProgressInterval;
}
