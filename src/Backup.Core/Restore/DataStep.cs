using Backup.Core.Errors;
using Backup.Core.Postgres;

namespace Backup.Core.Restore;

/// <summary>Loads the rows of all tables over several connections, then sets the sequences.</summary>
internal sealed class DataStep(RestoreContext context)
{
    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, TableLoad> _loads =
        context.Set.Tables.ToDictionary(table => table.Path, table => new TableLoad(table), StringComparer.Ordinal);

    /// <summary>Runs the step.</summary>
    /// <returns>What became of each table.</returns>
    /// <exception cref="RestoreException">A table failed and the request stops at the first error.</exception>
    /// <exception cref="DatabaseException">The target cannot be reached any more.</exception>
    public async Task<IReadOnlyList<TableLoad>> RunAsync(CancellationToken cancellationToken)
    {
        if (context.Request is { Scope: RestoreScope.DataOnly, Clean: true } && _loads.Count > 0)
        {
            await EmptyAllAsync(cancellationToken).ConfigureAwait(false);
        }

        try
        {
            await LoadAsync(cancellationToken).ConfigureAwait(false);
            foreach (var load in _loads.Values)
            {
                if (load.FindShortfall() is { } shortfall)
                {
                    Fail(load, shortfall, null);
                }
            }
        }
        catch (RestoreException exception)
        {
            throw Completed(exception, await EmptyUnfinishedAsync().ConfigureAwait(false));
        }
        catch
        {
            await EmptyUnfinishedAsync().ConfigureAwait(false);
            throw;
        }

        // A connection of its own: one that had waited for hours while rows were loaded may have been closed on the way.
        var session = await context.OpenForRowsAsync(isAlone: true, cancellationToken).ConfigureAwait(false);
        await using var disposal = session.ConfigureAwait(false);
        await EmptyFailedAsync(session, cancellationToken).ConfigureAwait(false);

        foreach (var entry in context.Set.Sequences)
        {
            await EntryRunner.RunAsync(session, entry, context, cancellationToken).ConfigureAwait(false);
        }

        return [.. _loads.Values];
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        foreach (var load in _loads.Values.Where(load => load.Table.Pages == 0))
        {
            context.Tracker.AddTable();
        }

        var filled = _loads.Where(item => item.Value.Table.Pages > 0).ToList();
        if (filled.Count == 0)
        {
            return;
        }

        if (context.Target.LoadOrder.Steps is not { } steps)
        {
            await LoadTogetherAsync(filled.ToDictionary(), cancellationToken).ConfigureAwait(false);
            return;
        }

        foreach (var step in steps)
        {
            await LoadTogetherAsync(
                filled.Where(item => step.Contains(item.Value.Name)).ToDictionary(), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task LoadTogetherAsync(Dictionary<string, TableLoad> loads, CancellationToken cancellationToken)
    {
        var units = context.KeepsRowOrder ? loads.Count : loads.Values.Sum(load => (long)load.Table.Pages);
        var connections = (int)Math.Min(context.Connections, units);
        if (connections == 0)
        {
            return;
        }

        var queue = new LoadQueue(context.Archive, loads, context.KeepsRowOrder, connections);
        using var sessions = new RowConnections(context);
        var loader = new TableLoader(context, sessions, Fail);
        await FirstFault.RunAsync(
            Enumerable.Repeat<Func<CancellationToken, Task>>(token => loader.RunAsync(queue.Reader, token), connections)
                .Prepend(queue.FillAsync),
            cancellationToken).ConfigureAwait(false);
    }

    private void Fail(TableLoad load, RestoreFailure failure, Exception? cause)
    {
        if (!load.Fail(failure))
        {
            return;
        }

        context.Tracker.Fail(failure);
        context.Tracker.AddTable();
        if (context.Request.StopOnFirstError)
        {
            throw TargetFault.ToException(failure, "The run was asked to stop at the first error.", cause);
        }
    }

    private async Task EmptyAllAsync(CancellationToken cancellationToken)
    {
        var session = await context.OpenForRowsAsync(isAlone: true, cancellationToken).ConfigureAwait(false);
        await using var disposal = session.ConfigureAwait(false);

        // A partitioned table that a foreign key leads to has to be named as well, which is right where all of it is emptied.
        var names = _loads.Values.Select(load => load.Name).ToList();
        var parents = await TargetCatalog.FindCoveredParentsAsync(session, names, cancellationToken).ConfigureAwait(false);
        var tables = string.Join(", ", names.Select(name => $"ONLY {name.ToSql()}").Concat(parents.Select(name => name.ToSql())));
        try
        {
            await session.ExecuteAsync($"TRUNCATE {tables}", cancellationToken).ConfigureAwait(false);
        }
        catch (DatabaseException exception)
        {
            throw new RestoreException($"The tables could not be emptied: {exception.Message}. Nothing was changed.", exception)
            {
                Stage = "Restore",
                Hint = "Restore the tables that refer to them as well, or empty those yourself.",
            };
        }
    }

    private async Task EmptyFailedAsync(TargetSession session, CancellationToken cancellationToken)
    {
        foreach (var load in _loads.Values.Where(load => load.IsTouched))
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

    // A run that stops leaves each table complete or empty as well, unless the target does not let it. What stopped the run is
    // what the caller has to see, so nothing is thrown.
    private async Task<IReadOnlyList<TableLoad>> EmptyUnfinishedAsync()
    {
        var unfinished = _loads.Values.Where(load => load is { IsTouched: true, IsComplete: false }).ToList();
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

    private static RestoreException Completed(RestoreException exception, IReadOnlyList<TableLoad> left) => new(
        exception.Message + (left.Count == 0
            ? " Unfinished tables were emptied."
            : $" These tables could not be emptied and may hold a part of their rows: {string.Join(", ", left.Select(load => load.Name))}."),
        exception.InnerException)
    {
        Subject = exception.Subject,
        Stage = exception.Stage,
        Statement = exception.Statement,
        Hint = exception.Hint,
        IsTransient = exception.IsTransient,
    };

    // Foreign keys that lead to the table make TRUNCATE refuse even where no row refers. DELETE would then do what they say with
    // the rows of other tables, so it is only sent where they are switched off.
    // A table that a schema's restore has not made is an extension's, and nothing tells its own rows from those of the backup.
    private async Task<string?> TryEmptyAsync(TargetSession session, TableLoad load, CancellationToken cancellationToken)
    {
        if (context.Request.Scope != RestoreScope.DataOnly && !context.IsMade(load.Name))
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
            if (exception.SqlState != TargetFault.FeatureNotSupported || !context.Target.LoadOrder.IsReplica)
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
