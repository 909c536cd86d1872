using Backup.Core.Archives.Manifest;

namespace Backup.Cli.Documents;

/// <summary>Sums over a backup.</summary>
internal sealed record TotalsSection
{
    /// <summary>The number of entries.</summary>
    public required long Entries { get; init; }

    /// <summary>The number of tables.</summary>
    public required int Tables { get; init; }

    /// <summary>The number of rows.</summary>
    public required long Rows { get; init; }

    /// <summary>The number of stored objects.</summary>
    public required long Objects { get; init; }

    /// <summary>The size before packing.</summary>
    public required long RawBytes { get; init; }

    /// <summary>The size of the volumes.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>Makes the section.</summary>
    public static TotalsSection Of(BackupTotals totals, int tables) => new()
    {
        Entries = totals.Entries,
        Tables = tables,
        Rows = totals.Rows,
        Objects = totals.Objects,
        RawBytes = totals.RawBytes,
        StoredBytes = totals.StoredBytes,
    };
}
