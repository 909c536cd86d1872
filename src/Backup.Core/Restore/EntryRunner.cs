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
        var script = ScriptOf(entry, context);
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

    /// <summary>Makes entries with one message: all of them or none.</summary>
    /// <returns>
    /// Whether they were made. Where not nothing is noted, since which of them is at fault shows only when each is made by itself.
    /// </returns>
    /// <exception cref="DatabaseException">The connection was lost.</exception>
    public static async Task<bool> TryRunTogetherAsync(
        TargetSession session, IReadOnlyList<TocEntry> entries, RestoreContext context, CancellationToken cancellationToken)
    {
        string[] scripts = [.. entries.Select(entry => ScriptOf(entry, context)).Where(script => script.Length > 0)];
        if (scripts.Length == 0)
        {
            return true;
        }

        using var work = context.Tracker.Working(RestoreNames.WithKind(entries[0]));
        try
        {
            await session.ExecuteAsync(string.Concat(scripts), cancellationToken).ConfigureAwait(false);
            context.Tracker.AddObjects(scripts.Length);
            return true;
        }
        catch (DatabaseException) when (session.IsOpen)
        {
            return false;
        }
    }

    /// <summary>Cuts entries into messages.</summary>
    public static IEnumerable<IReadOnlyList<TocEntry>> Cut(IEnumerable<TocEntry> entries, RestoreContext context) =>
        SharedMessages.Cut(
            entries,
            entry => ScriptOf(entry, context),
            entry => SharedMessages.CanShare(entry.Kind, ScriptOf(entry, context)));

    private static string ScriptOf(TocEntry entry, RestoreContext context) =>
        EntryScript.Of(entry, context.Request) is { Length: > 0 } script ? context.DefaultPrivileges.Around(entry, script) : "";

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
