using Backup.Core.Archives.Manifest;

namespace Backup.Core.Restore;

/// <summary>
/// What work costs the server, in bytes that are loaded: only good for putting work in order. Measured with PostgreSQL 15: a row
/// costs COPY as much as 64 bytes of it, and an index or a foreign key half of that for each row and an eighth of its bytes.
/// </summary>
internal static class WorkCosts
{
    /// <summary>What an entry costs at the most whose making takes a millisecond or two: an index over a thousand short rows.</summary>
    public const double Small = 64 * 1024;

    private const double Row = 64;

    /// <summary>Loading the table's rows.</summary>
    public static double OfLoad(TableRecord table) => table.RawBytes + (Row * table.Rows);

    /// <summary>Making an index or checking a constraint over the table.</summary>
    public static double OfEntry(TableRecord table) => (table.RawBytes / 8d) + (Row / 2 * table.Rows);
}
