using System.Text.Json.Serialization;

namespace Backup.Core.Archives.Manifest;

/// <summary>Sums over a backup.</summary>
/// <param name="Entries">The number of entries, those that other backups hold among them.</param>
/// <param name="Rows">The number of table rows.</param>
/// <param name="RawBytes">The size of all entries before packing, in bytes.</param>
/// <param name="StoredBytes">The size of all volumes of this backup, in bytes.</param>
public sealed record BackupTotals(long Entries, long Rows, long RawBytes, long StoredBytes)
{
    /// <summary>The number of stored objects.</summary>
    /// <value>0 by default, as in backups of format 1.0.</value>
    public long Objects { get; init; }

    /// <summary>How many of the entries other backups hold.</summary>
    /// <value>0 by default.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long ReferencedEntries { get; init; }

    /// <summary>The packed size of those, in bytes; not in <see cref="StoredBytes"/>.</summary>
    /// <value>0 by default.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long ReferencedBytes { get; init; }
}
