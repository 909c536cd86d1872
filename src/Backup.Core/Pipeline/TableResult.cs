using Backup.Core.Postgres;

namespace Backup.Core.Pipeline;

/// <summary>One table of a finished backup.</summary>
/// <param name="Table">The table.</param>
/// <param name="Pages">The number of its page entries.</param>
/// <param name="Rows">The number of its rows.</param>
/// <param name="RawBytes">Their size before packing, in bytes.</param>
/// <param name="Duration">The time from the first read of the table to the storing of its last page; other tables were read meanwhile.</param>
public sealed record TableResult(QualifiedName Table, int Pages, long Rows, long RawBytes, TimeSpan Duration)
{
    /// <summary>How many of the pages are as they were in the parent, and only referenced; 0 in a full backup.</summary>
    public int ReusedPages { get; init; }

    /// <summary>The size of those before packing, in bytes.</summary>
    public long ReusedBytes { get; init; }

    /// <summary>The rows that this part of the run stored per second of <see cref="Duration"/>; 0 where that is too short to tell.</summary>
    public double RowsPerSecond { get; init; }

    /// <summary>The bytes, before packing, that this part of the run stored per second of <see cref="Duration"/>; 0 where that is too short to tell.</summary>
    public double BytesPerSecond { get; init; }

    /// <summary>Whether rows were read to compare them; otherwise the server's statistics were trusted (<see cref="BackupRequest.TrustStatistics"/>).</summary>
    /// <value><see langword="true"/> by default.</value>
    public bool WasRead { get; init; } = true;
}
