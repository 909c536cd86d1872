using Backup.Core.Archives.Manifest;
using Backup.Core.Postgres;

namespace Backup.Core.Pipeline.Incremental;

/// <summary>Puts together what must be the same for a table to count as not written to.</summary>
internal static class ActivityOfTable
{
    /// <summary>What the manifest says of it: nothing is counted there that the snapshot does not show.</summary>
    /// <returns><see langword="null"/> where the server told nothing.</returns>
    public static TableActivity? ToRecord(TableInfo table) => Of(table, table.Writes);

    /// <summary>Whether nothing has been written to it since a backup: nothing is left out here that the snapshot shows, but for what sessions have not reported.</summary>
    /// <param name="table">The table as the snapshot shows it.</param>
    /// <param name="record">What the backup's manifest says of it.</param>
    public static bool IsAsIn(TableInfo table, TableRecord record) =>
        IsTold(table) && !record.Mixed && Of(table, table.WritesAfter) is { } activity && activity == record.Activity;

    // Other access methods than heap need not count what they write, and which rows a condition chooses may hang on another table.
    private static bool IsTold(TableInfo table) => table is { SupportsCtidRanges: true, Condition: null };

    private static TableActivity? Of(TableInfo table, TableWrites? writes) => writes is null || table.Fingerprint.Length == 0 ? null : new TableActivity
    {
        Oid = table.Oid,
        RelationFile = table.RelationFile,
        Fingerprint = table.Fingerprint,
        Inserted = writes.Inserted,
        Updated = writes.Updated,
        Deleted = writes.Deleted,
        Epoch = writes.Epoch,
    };
}
