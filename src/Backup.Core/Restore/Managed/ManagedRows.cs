using Backup.Core.Archives.Manifest;
using Backup.Core.Postgres;
using Backup.Core.Postgres.LargeObjects;
using Backup.Core.Postgres.Presets;

namespace Backup.Core.Restore.Managed;

/// <summary>Fits the rows of the platform's tables to what a project has of these: it may be of another version than the source.</summary>
/// <param name="columns">The columns of the tables that the target has.</param>
/// <param name="present">The relations of managed schemas that are not the platform's and that the target has already.</param>
/// <param name="backup">What the backup is.</param>
internal sealed class ManagedRows(
    IReadOnlyDictionary<QualifiedName, IReadOnlySet<string>> columns, IReadOnlySet<QualifiedName> present, ManagedBackup backup)
{
    private static readonly QualifiedName StoredObjects = new(SupabaseNames.Storage, "objects");

    private readonly Dictionary<QualifiedName, IReadOnlyList<string>> _loaded = [];
    private readonly List<LeftOutObject> _leftOut = [];
    private readonly List<string> _notices = [];

    /// <summary>What is worth knowing of the columns, a sentence each.</summary>
    public IReadOnlyList<string> Notices => _notices;

    /// <summary>The names of the tables whose rows a restore loads into tables that it does not make, though it may make others.</summary>
    public static IReadOnlyList<QualifiedName> FindTables(RestoreSet set)
    {
        var made = set.PreData
            .Where(entry => entry.Kind == TocKinds.Table)
            .Select(entry => new QualifiedName(entry.Schema ?? "", entry.Name))
            .ToHashSet();
        return
        [
            .. set.Tables.Select(table => new QualifiedName(table.Schema, table.Name))
                .Where(name => SupabaseNames.IsManagedSchema(name.Schema) && !made.Contains(name) && !LargeObjectRelations.Contains(name)),
        ];
    }

    /// <summary>Fits them.</summary>
    public RestoreSet Fit(RestoreSet set)
    {
        var managed = FindTables(set).ToHashSet();
        var tables = set.Tables.Where(table => !managed.Contains(new QualifiedName(table.Schema, table.Name)) || IsLoaded(table, set)).ToList();
        return set with { Tables = tables, PlatformTables = _loaded, LeftOut = [.. set.LeftOut, .. _leftOut] };
    }

    private bool IsLoaded(TableRecord table, RestoreSet set)
    {
        var name = new QualifiedName(table.Schema, table.Name);
        if (!backup.IsOfPreset && !SupabaseNames.HasRows(name) && !present.Contains(name))
        {
            return LeaveOut(table, "Its rows are the platform's own.");
        }

        if (backup.HasFilesForLater && name == StoredObjects)
        {
            return LeaveOut(table, "They stand for files that this restore does not bring back, and are written when it does (--storage).");
        }

        if (!columns.TryGetValue(name, out var there))
        {
            // One that CREATE EXTENSION makes in this run can be looked at by nobody yet.
            return (set.ExtensionTables.TryGetValue(name, out var makers)
                    && set.PreData.Any(entry => entry.Kind == TocKinds.Extension && makers.Contains(entry.Id)))
                || LeaveOut(table, "The project has no such table.");
        }

        var common = table.Columns.Where(there.Contains).ToList();
        if (common.Count == 0 && table.Columns.Count > 0)
        {
            return LeaveOut(table, "The project's table has none of its columns.");
        }

        if (common.Count < table.Columns.Count && table.Rows > 0)
        {
            var lacking = table.Columns.Except(common).ToList();
            _notices.Add(
                $"The project's table {name} lacks {(lacking.Count == 1 ? "the column" : "the columns")} {string.Join(", ", lacking)} (or generates "
                + $"{(lacking.Count == 1 ? "it" : "them")}): the rows come back without.");
        }

        _loaded[name] = common;
        return true;
    }

    private bool LeaveOut(TableRecord table, string reason)
    {
        if (table.Rows > 0)
        {
            _leftOut.Add(new LeftOutObject(TocKinds.TableData, $"{table.Schema}.{table.Name}", reason));
        }

        return false;
    }
}
