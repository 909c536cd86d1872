using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;

namespace Backup.Core.Restore;

/// <summary>Leaves the schema <c>storage</c> to the Storage server of the target database, where there is one.</summary>
/// <remarks>
/// The server's migrations make and change that schema, and the server writes its rows as files are uploaded: a restore of rows
/// and files must do neither a second time. What an application has added to the tables, triggers and policies, is the backup's.
/// A database without <c>storage.objects</c> has no such server, so there the schema and its rows come back like any other.
/// </remarks>
internal sealed class TargetStorageSchema
{
    private const string Name = "storage";
    private const string Policy = "POLICY";
    private const string Trigger = "TRIGGER";
    private const string Comment = "COMMENT";

    private static readonly QualifiedName Objects = new(Name, "objects");

    private readonly HashSet<(string Kind, string Table, string Name)> _present;

    /// <summary>Describes the schema of a target.</summary>
    /// <param name="present">The policies and triggers that its tables have, by kind, table and name.</param>
    public TargetStorageSchema(IEnumerable<(string Kind, string Table, string Name)> present) => _present = [.. present];

    /// <summary>Looks whether the target has the schema.</summary>
    /// <returns>The schema; <see langword="null"/> when there is no table <c>storage.objects</c>.</returns>
    public static async Task<TargetStorageSchema?> FindAsync(TargetSession session, CancellationToken cancellationToken)
    {
        var columns = await TargetCatalog.ReadColumnsAsync(session, [Objects], cancellationToken).ConfigureAwait(false);
        return columns.Count == 0
            ? null
            : new TargetStorageSchema(
                await TargetCatalog.ReadPoliciesAndTriggersAsync(session, Name, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Takes out of a restore what belongs to the server.</summary>
    public RestoreSet TakeOutOf(RestoreSet set, RestoreRequest request)
    {
        var functions = set.PreData
            .Where(entry => entry.Schema == Name && entry.Kind is "FUNCTION" or "PROCEDURE")
            .Select(entry => entry.Id)
            .ToHashSet();
        var kept = set.PostData
            .Where(entry => IsOfApplication(entry, functions) && (!IsPresent(entry) || (request.Clean && entry.Drop is not null)))
            .Select(entry => entry.Id)
            .ToHashSet();
        kept.UnionWith(set.PostData
            .Where(entry => entry.Kind == Comment && entry.DependsOn.Any(kept.Contains))
            .Select(entry => entry.Id)
            .ToList());
        var owned = set.Objects.Where(entry => IsOfSchema(entry) && !kept.Contains(entry.Id)).Select(entry => entry.Id).ToHashSet();

        // Privileges on the schema itself lie in no schema.
        owned.UnionWith(set.Objects
            .Where(entry => entry.Schema is null && entry.DependsOn.Count > 0 && entry.DependsOn.All(owned.Contains))
            .Select(entry => entry.Id)
            .ToList());
        var rows = set.Tables.Where(table => table.Schema == Name).ToList();
        return set with
        {
            PreData = Without(set.PreData, owned),
            Tables = [.. set.Tables.Except(rows)],
            Sequences = Without(set.Sequences, owned),
            PostData = Without(set.PostData, owned),
            Closing = Without(set.Closing, owned),
            LeftOut =
            [
                .. set.LeftOut,
                .. SchemaLeftOut(owned.Any(id => !set.Supporting.Contains(id))),
                .. rows.Where(table => table.Rows > 0).Select(table => new LeftOutObject(
                    TocKinds.TableData,
                    $"{Name}.{table.Name}",
                    "The target's Storage server keeps these rows; it writes those of buckets and objects as files are uploaded.")),
            ],
        };
    }

    private static IEnumerable<LeftOutObject> SchemaLeftOut(bool isAny)
    {
        if (isAny)
        {
            yield return new LeftOutObject(
                TocKinds.Schema,
                Name,
                "The target's Storage server makes this schema and keeps it up to date; of the backup's only triggers and policies "
                + "of the application are made that it lacks.");
        }
    }

    private static bool IsOfSchema(TocEntry entry) => entry.Schema == Name || (entry.Kind == TocKinds.Schema && entry.Name == Name);

    // The server's own triggers call functions of the schema; the server brings no policies.
    private static bool IsOfApplication(TocEntry entry, HashSet<int> functions) => entry.Schema == Name
        && (entry.Kind == Policy || (entry.Kind == Trigger && !entry.DependsOn.Any(functions.Contains)));

    private bool IsPresent(TocEntry entry) => _present.Contains((entry.Kind, entry.Table ?? "", entry.Name));

    private static IReadOnlyList<TocEntry> Without(IReadOnlyList<TocEntry> entries, HashSet<int> ids) =>
        [.. entries.Where(entry => !ids.Contains(entry.Id))];
}
