using Backup.Core.Errors;
using Backup.Core.Postgres;
using Backup.Core.Postgres.LargeObjects;

namespace Backup.Core.Restore;

/// <summary>Examines a target that rows are loaded into and whose tables must therefore exist.</summary>
internal static class DataTargetInspection
{
    private const int Named = 5;

    /// <summary>Examines the target.</summary>
    public static async Task<TargetInspection> InspectAsync(
        TargetSession session, RestoreSet set, RestoreRequest request, CancellationToken cancellationToken)
    {
        var obstacles = new List<string>();
        var names = set.Tables.Select(table => new QualifiedName(table.Schema, table.Name))
            .Where(name => !LargeObjectRelations.Contains(name)).ToList();
        var columns = await TargetCatalog.ReadColumnsAsync(session, names, cancellationToken).ConfigureAwait(false);
        var missing = names.Where(name => !columns.ContainsKey(name)).ToList();
        if (missing.Count > 0)
        {
            obstacles.Add($"The target lacks {missing.Count} of the tables: {List(missing)}. Restore the schema first.");
        }

        foreach (var table in set.Tables)
        {
            if (!set.PlatformTables.ContainsKey(new QualifiedName(table.Schema, table.Name)) && columns.TryGetValue(new QualifiedName(table.Schema, table.Name), out var present)
                && table.Columns.Where(column => !present.Contains(column)).ToList() is { Count: > 0 } lacking)
            {
                obstacles.Add(
                    $"The target's table {table.Schema}.{table.Name} lacks the column{(lacking.Count == 1 ? "" : "s")} "
                    + $"{string.Join(", ", lacking)} (or generates it). Add it, or restore the table with its schema.");
            }
        }

        var found = names.Where(columns.ContainsKey).ToList();
        var order = LoadOrder.Free;
        if (found.Count > 0)
        {
            await AddFilledAsync(obstacles, session, found, request, cancellationToken).ConfigureAwait(false);
            order = await FindOrderAsync(
                obstacles, session, [.. found, LargeObjectRelations.Contents], found, cancellationToken).ConfigureAwait(false);
        }

        return new TargetInspection { Existing = new HashSet<int>(), Obstacles = obstacles, LoadOrder = order };
    }

    /// <summary>Examines the tables that the target's platform has made, for a restore that makes all others.</summary>
    public static async Task<LoadOrder> FindOrderAsync(
        List<string> obstacles, TargetSession session, RestoreSet set, RestoreRequest request, CancellationToken cancellationToken)
    {
        var platform = set.PlatformTables.Keys.ToList();
        await AddFilledAsync(obstacles, session, platform, request, cancellationToken).ConfigureAwait(false);
        return await FindOrderAsync(
            obstacles, session, [.. set.Tables.Select(table => new QualifiedName(table.Schema, table.Name))], platform, cancellationToken)
            .ConfigureAwait(false);
    }

    private static async Task AddFilledAsync(
        List<string> obstacles, TargetSession session, List<QualifiedName> tables, RestoreRequest request, CancellationToken cancellationToken)
    {
        if (!request.Clean && await TargetCatalog.FindFilledAsync(session, tables, cancellationToken).ConfigureAwait(false) is { Count: > 0 } filled)
        {
            obstacles.Add(
                $"{filled.Count} of the target's tables hold rows: {List(filled)}. Empty them, or ask for a clean restore, which does.");
        }
    }

    // Tables that the restore makes itself have neither triggers nor foreign keys yet.
    private static async Task<LoadOrder> FindOrderAsync(
        List<string> obstacles,
        TargetSession session,
        IReadOnlyList<QualifiedName> tables,
        IReadOnlyList<QualifiedName> existing,
        CancellationToken cancellationToken)
    {
        const string Advice =
            "Restore as a superuser, or let the role switch triggers off: "
            + "GRANT SET ON PARAMETER session_replication_role TO it (PostgreSQL 15 or later).";
        if (await CanBeReplicaAsync(session, cancellationToken).ConfigureAwait(false))
        {
            return LoadOrder.Replica;
        }

        var triggered = await TargetCatalog.FindTriggeredAsync(session, existing, cancellationToken).ConfigureAwait(false);
        if (triggered.Count > 0)
        {
            obstacles.Add($"Triggers would fire on {triggered.Count} of the tables while rows are loaded: {List(triggered)}. {Advice}");
        }

        var foreignKeys = await TargetCatalog.ReadForeignKeysAsync(session, existing, cancellationToken).ConfigureAwait(false);
        var (order, circle) = LoadOrder.ByForeignKeys(tables, foreignKeys);
        if (order is null)
        {
            obstacles.Add($"Foreign keys lead in a circle, so no order of loading satisfies them: {List(circle)}. {Advice}");
        }

        return order ?? LoadOrder.Free;
    }

    private static async Task<bool> CanBeReplicaAsync(TargetSession session, CancellationToken cancellationToken)
    {
        const string InsufficientPrivilege = "42501";
        try
        {
            await session.ExecuteAsync("SET session_replication_role = replica", cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync("RESET session_replication_role", cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (DatabaseException exception) when (exception.SqlState == InsufficientPrivilege)
        {
            return false;
        }
    }

    private static string List(IReadOnlyList<QualifiedName> names) =>
        string.Join(", ", names.Take(Named)) + (names.Count > Named ? $" and {names.Count - Named} more" : "");
}
