using Backup.Core.Errors;
using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;

namespace Backup.Core.Restore;

/// <summary>Makes one entry that comes after the rows: all its statements or none.</summary>
internal static class EntryRunner
{
    // Locks taken beyond those that can be foreseen may close a circle; the server then ends one of the waiting sessions.
    private const int Attempts = 4;

    /// <summary>Makes the entry, or notes its failure.</summary>
    /// <returns>Whether it was made.</returns>
    /// <exception cref="RestoreException">It failed and the request stops at the first error.</exception>
    /// <exception cref="DatabaseException">The connection was lost.</exception>
    public static async Task<bool> RunAsync(
        TargetSession session, TocEntry entry, RestoreContext context, CancellationToken cancellationToken)
    {
        var script = EntryScript.Of(entry, context.Request);
        if (script.Length == 0)
        {
            return true;
        }

        using var work = context.Tracker.Working(RestoreNames.WithKind(entry));
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await session.ExecuteAsync(script, cancellationToken).ConfigureAwait(false);
                context.Tracker.AddObjects(1);
                return true;
            }
            catch (DatabaseException exception) when (exception.SqlState == TargetFault.DeadlockDetected && attempt < Attempts)
            {
            }
            catch (DatabaseException exception) when (session.IsOpen)
            {
                Fail(context, TargetFault.Of(entry, script, exception), exception);
                return false;
            }
        }
    }

    /// <summary>Notes the failure of an entry.</summary>
    /// <exception cref="RestoreException">The request stops at the first error.</exception>
    public static void Fail(RestoreContext context, RestoreFailure failure, Exception? cause)
    {
        context.Tracker.Fail(failure);
        if (context.Request.StopOnFirstError)
        {
            throw TargetFault.ToException(
                failure, "The run was asked to stop at the first error; what was still to be loaded or made is not there.", cause);
        }
    }
}
