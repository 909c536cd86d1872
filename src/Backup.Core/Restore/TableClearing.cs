using Backup.Core.Errors;
using Backup.Core.Postgres;

namespace Backup.Core.Restore;

/// <summary>Empties tables: before rows are loaded into tables that exist, and where loading failed.</summary>
internal sealed class TableClearing(RestoreContext context)
{
    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromSeconds(30);

    /// <summary>Empties all tables at once.</summary>
    /// <exception cref="RestoreException">The target does not let it; nothing was changed.</exception>
    public async Task EmptyAllAsync(IReadOnlyCollection<TableLoad> loads, CancellationToken cancellationToken)
    {
        var session = await context.OpenForRowsAsync(isAlone: true, cancellationToken).ConfigureAwait(false);
        await using var disposal = session.ConfigureAwait(false);

        // A partitioned table that a foreign key leads to has to be named as well, which is right where all of it is emptied.
        var names = loads.Select(load => load.Name).ToList();
        var parents = await TargetCatalog.FindCoveredParentsAsync(session, names, cancellationToken).ConfigureAwait(false);
        var tables = string.Join(", ", names.Select(name => $"ONLY {name.ToSql()}").Concat(parents.Select(name => name.ToSql())));
        try
        {
            await session.ExecuteAsync($"TRUNCATE {tables}", cancellationToken).ConfigureAwait(false);
        }
        catch (DatabaseException exception)
        {
            if (MayDelete(exception, names) && await TryDeleteAsync(session, names, cancellationToken).ConfigureAwait(false))
            {
                return;
            }

            throw new RestoreException($"The tables could not be emptied: {exception.Message}. Nothing was changed.", exception)
            {
                Stage = "Restore",
                Hint = "Restore the tables that refer to them as well, or empty those yourself.",
            };
        }
    }

    // The platform's tables belong to roles that need not let others truncate them, and tables of it that the backup knows nothing of may
    // refer to them. Foreign keys that are switched off let their rows go one by one.
    private bool MayDelete(DatabaseException exception, List<QualifiedName> tables) =>
        context.Target.LoadOrder.IsReplica
        && exception.SqlState is TargetFault.FeatureNotSupported or TargetFault.InsufficientPrivilege
        && tables.Exists(context.Set.PlatformTables.ContainsKey);

    private async Task<bool> TryDeleteAsync(TargetSession session, List<QualifiedName> tables, CancellationToken cancellationToken)
    {
        var others = string.Join(", ", tables.Where(table => !context.Set.PlatformTables.ContainsKey(table)).Select(table => $"ONLY {table.ToSql()}"));
        var statements = tables
            .Where(context.Set.PlatformTables.ContainsKey)
            .Select(table => $"DELETE FROM ONLY {table.ToSql()}")
            .Concat(others.Length > 0 ? [$"TRUNCATE {others}"] : []);
        try
        {
            await session.ExecuteAsync(string.Join(';', statements), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (DatabaseException) when (session.IsOpen)
        {
            return false;
        }
    }

    /// <summary>Empties the tables that failed; a failure says so where one cannot be emptied.</summary>
    public async Task EmptyFailedAsync(TargetSession session, IEnumerable<TableLoad> loads, CancellationToken cancellationToken)
    {
        foreach (var load in loads.Where(load => load.IsTouched))
        {
            if (load.Failure is { } failure && await TryEmptyAsync(session, load, cancellationToken).ConfigureAwait(false) is { } reason)
            {
                context.Tracker.Amend(
                    failure,
                    failure with
                    {
                        Reason = $"{failure.Reason.TrimEnd('.')}. The table {(load.Rows > 0 ? "holds" : "may hold")} a part of its rows: "
                            + $"it could not be emptied ({reason.TrimEnd('.')}).",
                    });
            }
        }
    }

    /// <summary>
    /// Empties what a run that stops has not finished: it leaves each table complete or empty as well, unless the target does not
    /// let it. What stopped the run is what the caller has to see, so nothing is thrown.
    /// </summary>
    /// <returns>The tables that may hold a part of their rows.</returns>
    public async Task<IReadOnlyList<TableLoad>> EmptyUnfinishedAsync(IEnumerable<TableLoad> loads)
    {
        var unfinished = loads.Where(load => load is { IsTouched: true, IsComplete: false }).ToList();
        if (unfinished.Count == 0)
        {
            return [];
        }

        using var limit = new CancellationTokenSource(CleanUpLimit, context.TimeProvider);
        var left = unfinished.ToHashSet();
        try
        {
            var session = await context.OpenForRowsAsync(isAlone: true, limit.Token).ConfigureAwait(false);
            await using var disposal = session.ConfigureAwait(false);
            foreach (var load in unfinished)
            {
                if (await TryEmptyAsync(session, load, limit.Token).ConfigureAwait(false) is null)
                {
                    left.Remove(load);
                }
            }
        }
        catch (Exception exception) when (exception is BackupException or OperationCanceledException)
        {
        }

        return [.. unfinished.Where(left.Contains)];
    }

    // Foreign keys that lead to the table make TRUNCATE refuse even where no row refers. DELETE would then do what they say with
    // the rows of other tables, so it is only sent where they are switched off.
    // A table that a schema's restore has not made is an extension's, and nothing tells its own rows from those of the backup.
    private async Task<string?> TryEmptyAsync(TargetSession session, TableLoad load, CancellationToken cancellationToken)
    {
        if (load.IsLargeObjects)
        {
            return "what was written into large objects stays; remove them, or ask for a clean restore next time";
        }

        if (load.IsDistributed)
        {
            return "its rows lie beside those of other partitions";
        }

        if (context.Request.Scope != RestoreScope.DataOnly && !context.IsMade(load.Name) && !context.Set.PlatformTables.ContainsKey(load.Name))
        {
            return "it holds rows of its extension as well";
        }

        try
        {
            await session.ExecuteAsync($"TRUNCATE ONLY {load.Name.ToSql()}", cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (DatabaseException exception)
        {
            if (exception.SqlState is not (TargetFault.FeatureNotSupported or TargetFault.InsufficientPrivilege) || !context.Target.LoadOrder.IsReplica)
            {
                return exception.Message;
            }
        }

        try
        {
            await session.ExecuteAsync($"DELETE FROM ONLY {load.Name.ToSql()}", cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (DatabaseException exception)
        {
            return exception.Message;
        }
    }
}
