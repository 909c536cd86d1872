using Backup.Core.Errors;
using Backup.Core.Postgres;

namespace Backup.Core.Restore;

/// <summary>Removes what is in the way and makes what rows need, in the order of the table of contents, on one connection.</summary>
/// <remarks>
/// All of it is one transaction, so that a failure leaves the target as it was. Only a schema so large that the server runs
/// out of locks is made in several; what a failure then leaves is said in the exception.
/// </remarks>
internal sealed class PreDataStep(
    TargetSession session, RestoreSet set, TargetInspection target, RestoreRequest request, RestoreTracker tracker, TimeProvider timeProvider)
{
    private const int EntriesPerTransaction = 500;
    private const int ReopenAttempts = 120;

    private static readonly TimeSpan ReopenPause = TimeSpan.FromMilliseconds(500);

    // Schemas that hold objects from elsewhere and therefore stay.
    private readonly HashSet<int> _kept = [];

    /// <summary>Runs the step.</summary>
    /// <exception cref="RestoreException">The target did not take a statement.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var work = new PreDataPlan(set, target, request).Make();
        try
        {
            await RunTransactionAsync(work, Unchanged, cancellationToken).ConfigureAwait(false);
        }
        catch (RestoreException exception) when (IsOutOfLocks(exception) && work.Count > EntriesPerTransaction)
        {
            await ReopenAsync(cancellationToken).ConfigureAwait(false);
            await RunInPartsAsync(work, cancellationToken).ConfigureAwait(false);
        }

        tracker.AddObjects(set.PreData.Count);
    }

    private string Unchanged => tracker.Roles.Count == 0 ? "Nothing was changed." : "Nothing but roles was made.";

    // The driver takes a connection for lost whose server is short of memory. The server takes no other before it has undone what was made.
    private async Task ReopenAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; !session.IsOpen; attempt++)
        {
            try
            {
                await session.ReopenAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (DatabaseException exception) when (exception.SqlState == TargetFault.OutOfMemory && attempt < ReopenAttempts)
            {
                await Task.Delay(ReopenPause, timeProvider, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task RunInPartsAsync(List<PreDataStatement> work, CancellationToken cancellationToken)
    {
        _kept.Clear();
        var done = 0;
        foreach (var part in work.Chunk(EntriesPerTransaction))
        {
            await RunTransactionAsync(
                part,
                done == 0 ? Unchanged : $"The {done} statements before it took effect: clean the target up before the next try.",
                cancellationToken).ConfigureAwait(false);
            done += part.Length;
        }
    }

    // Which of many statements the server has refused shows when each is run by itself, in a transaction that begins anew: a savepoint
    // would cost every restore what only one that ends anyway needs.
    private async Task RunTransactionAsync(IReadOnlyList<PreDataStatement> work, string consequence, CancellationToken cancellationToken)
    {
        int[] kept = [.. _kept];
        if (!await RunTransactionAsync(work, steps => TryRunTogetherAsync(steps, consequence, cancellationToken), cancellationToken).ConfigureAwait(false))
        {
            _kept.Clear();
            _kept.UnionWith(kept);
            await RunTransactionAsync(work, steps => RunAloneAsync(steps, consequence, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<bool> RunTransactionAsync(
        IReadOnlyList<PreDataStatement> work, Func<IReadOnlyList<PreDataStatement>, Task<bool>> tryRun, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync("BEGIN", cancellationToken).ConfigureAwait(false);
        var making = work.SkipWhile(step => step.IsDrop).ToList();
        if (!await tryRun([.. work.TakeWhile(step => step.IsDrop)]).ConfigureAwait(false))
        {
            return false;
        }

        var suspended = making.Count == 0 ? DefaultPrivileges.None : await SuspendDefaultPrivilegesAsync(cancellationToken).ConfigureAwait(false);
        if (!await tryRun(making).ConfigureAwait(false))
        {
            return false;
        }

        await session.ExecuteAsync($"{suspended.Resume}COMMIT", cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async Task<bool> TryRunTogetherAsync(IReadOnlyList<PreDataStatement> steps, string consequence, CancellationToken cancellationToken)
    {
        foreach (var message in SharedMessages.Cut(steps, step => step.Sql, step => step.CanShare))
        {
            try
            {
                await RunMessageAsync(message, cancellationToken).ConfigureAwait(false);
            }
            catch (DatabaseException exception) when (session.IsOpen && exception.SqlState != TargetFault.OutOfMemory)
            {
                await RollBackAsync().ConfigureAwait(false);
                return false;
            }
            catch (Exception exception)
            {
                await AttributeAsync(message[0], Task.FromException(exception), consequence, cancellationToken).ConfigureAwait(false);
            }
        }

        return true;
    }

    private async Task<bool> RunAloneAsync(IReadOnlyList<PreDataStatement> steps, string consequence, CancellationToken cancellationToken)
    {
        foreach (var step in steps)
        {
            await AttributeAsync(step, RunAsync(step, cancellationToken), consequence, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private async Task RunMessageAsync(IReadOnlyList<PreDataStatement> message, CancellationToken cancellationToken)
    {
        if (message.Count == 1)
        {
            await RunAsync(message[0], cancellationToken).ConfigureAwait(false);
            return;
        }

        using var work = tracker.Working(RestoreNames.WithKind(message[0].Entry));
        var statements = string.Concat(message.Where(step => step.IsDrop || !_kept.Contains(step.Entry.Id)).Select(step => step.Sql));
        if (statements.Length > 0)
        {
            await session.ExecuteAsync(statements, cancellationToken).ConfigureAwait(false);
        }
    }

    // After what was removed: with a schema go the default privileges in it.
    private async Task<DefaultPrivileges> SuspendDefaultPrivilegesAsync(CancellationToken cancellationToken)
    {
        if (request.SkipOwnersAndPrivileges)
        {
            return DefaultPrivileges.None;
        }

        var present = await DefaultPrivileges.ReadAsync(session, cancellationToken).ConfigureAwait(false);
        if (!present.IsEmpty)
        {
            await session.ExecuteAsync(present.Suspend, cancellationToken).ConfigureAwait(false);
        }

        return present;
    }

    // A refusal of the server is told of the step; the transaction ends with it.
    private async Task AttributeAsync(PreDataStatement step, Task run, string consequence, CancellationToken cancellationToken)
    {
        try
        {
            await run.ConfigureAwait(false);
        }
        catch (DatabaseException exception)
        {
            await RollBackAsync().ConfigureAwait(false);
            var failure = TargetFault.Of(step.Entry, step.Sql, exception);
            throw TargetFault.ToException(
                failure with { Reason = failure.Reason + await NameDependentsAsync(step, exception, cancellationToken).ConfigureAwait(false) },
                consequence,
                exception);
        }
        catch
        {
            await RollBackAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task RunAsync(PreDataStatement step, CancellationToken cancellationToken)
    {
        if (!step.IsDrop)
        {
            if (!_kept.Contains(step.Entry.Id))
            {
                using var work = tracker.Working(RestoreNames.WithKind(step.Entry));
                await session.ExecuteAsync(step.Sql, cancellationToken).ConfigureAwait(false);
            }

            return;
        }

        if (!step.MayBeRefused)
        {
            await session.ExecuteAsync(step.Sql, cancellationToken).ConfigureAwait(false);
            return;
        }

        await session.ExecuteAsync("SAVEPOINT removal", cancellationToken).ConfigureAwait(false);
        try
        {
            await session.ExecuteAsync(step.Sql, cancellationToken).ConfigureAwait(false);

            // Before the next savepoint: the server cannot begin it with what a replaced view leaves behind.
            await session.ExecuteAsync("RELEASE removal", cancellationToken).ConfigureAwait(false);
        }
        catch (DatabaseException exception) when (session.IsOpen && step.MayStay(exception))
        {
            if (step.Entry.Kind == TocKinds.Schema)
            {
                _kept.Add(step.Entry.Id);
            }

            await session.ExecuteAsync("ROLLBACK TO removal", cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync("RELEASE removal", cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<string> NameDependentsAsync(PreDataStatement step, DatabaseException exception, CancellationToken cancellationToken)
    {
        if (exception.SqlState != TargetFault.DependentObjects || !session.IsOpen
            || !TocKinds.IsRelation(step.Entry.Kind) || step.Entry.Schema is not { } schema)
        {
            return "";
        }

        var dependents = await TargetCatalog
            .FindDependentsAsync(session, new QualifiedName(schema, step.Entry.Name), cancellationToken).ConfigureAwait(false);
        return dependents.Count == 0 ? "" : $" ({string.Join(", ", dependents)})";
    }

    private async Task RollBackAsync()
    {
        if (session.IsOpen)
        {
            try
            {
                await session.ExecuteAsync("ROLLBACK", CancellationToken.None).ConfigureAwait(false);
            }
            catch (DatabaseException)
            {
                // The connection is lost, and with it the transaction.
            }
        }
    }

    private static bool IsOutOfLocks(RestoreException exception) =>
        exception.InnerException is DatabaseException { SqlState: TargetFault.OutOfMemory };
}
