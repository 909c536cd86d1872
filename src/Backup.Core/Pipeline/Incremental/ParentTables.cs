using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Referencing;
using Backup.Core.Postgres;

namespace Backup.Core.Pipeline.Incremental;

/// <summary>Finds what the parent of an incremental run holds of each table.</summary>
/// <remarks>
/// By its number in the database where the parent knows it, so that a renamed table is found again, otherwise by its name. Whether a page is the
/// same is decided by its bytes alone: a table that only happens to have the name of another costs comparing and nothing else.
/// </remarks>
internal sealed class ParentTables
{
    private readonly Dictionary<QualifiedName, ParentTable> _byName = [];
    private readonly Dictionary<long, ParentTable> _byOid = [];

    /// <summary>Takes in the tables of a backup.</summary>
    /// <param name="parent">Its manifest.</param>
    /// <param name="index">Its entries.</param>
    public ParentTables(BackupManifest parent, ParentIndex index)
    {
        foreach (var record in parent.Database?.Tables ?? [])
        {
            var table = new ParentTable(index, record);
            _byName.TryAdd(new QualifiedName(record.Schema, record.Name), table);
            if (record.Activity is { } activity)
            {
                _byOid.TryAdd(activity.Oid, table);
            }
        }
    }

    /// <summary>What the parent holds of a table.</summary>
    /// <returns><see langword="null"/> for nothing.</returns>
    public ParentTable? Find(TableInfo table) => _byOid.GetValueOrDefault(table.Oid) ?? _byName.GetValueOrDefault(table.Name);
}
