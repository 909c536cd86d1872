using System.Globalization;
using Backup.Core.Errors;
using Backup.Core.Postgres;

namespace Backup.Core.Restore.LargeObjects;

/// <summary>Makes large objects before the rows are loaded, and gives them their owners, privileges, comments and labels after them.</summary>
/// <remarks>
/// Owners come last so that whoever restores may write into the objects: to give one away is allowed to more roles than to write into
/// one of another role.
/// </remarks>
internal sealed class LargeObjectsStep(RestoreContext context)
{
    // Of failures that are all alike nobody wants to read a million.
    private const int MaxFailures = 5;

    // The first major version in which large objects have default privileges.
    private const int DefaultPrivilegesVersion = 18;

    /// <summary>Makes all large objects, empty. Those in the way are removed first where the request asks for it.</summary>
    /// <exception cref="RestoreException">The target does not let it.</exception>
    public async Task CreateAsync(TargetSession session, CancellationToken cancellationToken)
    {
        if (context.Set.LargeObjects is not { } record)
        {
            return;
        }

        using var work = context.Tracker.Working("large objects");
        try
        {
            var list = await LargeObjectList.LoadAsync(session, context.Archive, record, _ => { }, cancellationToken).ConfigureAwait(false);
            if (context.Request.Clean)
            {
                await list.RemoveExistingAsync(cancellationToken).ConfigureAwait(false);
            }

            await CreateAsync(session, list, cancellationToken).ConfigureAwait(false);
        }
        catch (DatabaseException exception)
        {
            throw new RestoreException(
                $"The large objects could not be made: {exception.Message.TrimEnd('.')}. What comes before the rows is there: "
                + "the next try has to be a clean restore, or one into an empty database.",
                exception)
            {
                Stage = "Restore",
                Subject = "large objects",
                Hint = exception.Hint,
                IsTransient = exception.IsTransient,
            };
        }
    }

    /// <summary>Gives them what they have besides their bytes, or notes why that is not possible.</summary>
    /// <param name="session">The session.</param>
    /// <param name="load">The list, as one of the tables that are restored.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <exception cref="RestoreException">Something failed and the request stops at the first error.</exception>
    /// <exception cref="DatabaseException">The connection was lost.</exception>
    public async Task FinishAsync(TargetSession session, TableLoad load, CancellationToken cancellationToken)
    {
        using var work = context.Tracker.Working("large objects");
        var list = await LargeObjectList
            .LoadAsync(session, context.Archive, load.Table, context.Tracker.AddBytes, cancellationToken).ConfigureAwait(false);
        var failed = 0L;
        var after = 0u;
        while (await list.ReadStatementsAsync(after, !context.Request.SkipOwnersAndPrivileges, cancellationToken).ConfigureAwait(false)
            is { Count: > 0 } batch)
        {
            after = batch[^1].Oid;
            if (!await TryExecuteAsync(session, batch, cancellationToken).ConfigureAwait(false))
            {
                foreach (var statements in batch)
                {
                    failed = await ExecuteAsync(session, statements, failed, cancellationToken).ConfigureAwait(false);
                }
            }
        }

        if (failed > MaxFailures)
        {
            context.Tracker.Fail(new RestoreFailure
            {
                Kind = TocKinds.LargeObject,
                Subject = "large objects",
                Reason = string.Create(
                    CultureInfo.InvariantCulture, $"{failed - MaxFailures} more did not get what they have besides their bytes either."),
            });
        }

        if (load.Add(load.Table.Pages, load.Table.Rows))
        {
            context.Tracker.AddRows(load.Table.Rows);
            context.Tracker.AddTable();
        }
    }

    // Those of the backup have privileges of their own: what the target gives others on whatever is made must not come on top.
    private async Task CreateAsync(TargetSession session, LargeObjectList list, CancellationToken cancellationToken)
    {
        var defaults = context.Request.SkipOwnersAndPrivileges || session.MajorVersion < DefaultPrivilegesVersion
            ? DefaultPrivileges.None
            : await DefaultPrivileges.ReadAsync(session, cancellationToken).ConfigureAwait(false);
        if (defaults.IsEmpty)
        {
            await list.CreateAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        await session.ExecuteAsync($"BEGIN;{defaults.Suspend}", cancellationToken).ConfigureAwait(false);
        await list.CreateAsync(cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync($"{defaults.Resume}COMMIT", cancellationToken).ConfigureAwait(false);
    }

    private static async Task<bool> TryExecuteAsync(
        TargetSession session, IReadOnlyList<LargeObjectStatements> batch, CancellationToken cancellationToken)
    {
        try
        {
            await session.ExecuteAsync(string.Join('\n', batch.Select(statements => statements.Sql)), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (DatabaseException) when (session.IsOpen)
        {
            return false;
        }
    }

    private async Task<long> ExecuteAsync(
        TargetSession session, LargeObjectStatements statements, long failed, CancellationToken cancellationToken)
    {
        try
        {
            await session.ExecuteAsync(statements.Sql, cancellationToken).ConfigureAwait(false);
            return failed;
        }
        catch (DatabaseException exception) when (session.IsOpen)
        {
            if (failed < MaxFailures)
            {
                EntryRunner.Fail(context, TargetFault.OfLargeObject(statements.Oid, statements.Sql, exception), exception);
            }

            return failed + 1;
        }
    }
}
