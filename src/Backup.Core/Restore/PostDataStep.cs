using Backup.Core.Errors;
using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;

namespace Backup.Core.Restore;

/// <summary>Makes what comes after the rows: first side by side over several connections, then the closing entries in order.</summary>
internal sealed class PostDataStep(RestoreContext context)
{
    private readonly Dictionary<int, string> _failed = [];

    /// <summary>Runs the step.</summary>
    /// <exception cref="RestoreException">An entry failed and the request stops at the first error.</exception>
    /// <exception cref="DatabaseException">The target cannot be reached any more.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var entries = context.Set.PostData.Where(entry => context.Target.IsMade(entry, context.Set)).ToList();
        var session = await context.OpenAsync(isAlone: true, cancellationToken).ConfigureAwait(false);
        await using var disposal = session.ConfigureAwait(false);
        if (entries.Count > 0)
        {
            await RunTogetherAsync(session, entries, cancellationToken).ConfigureAwait(false);
        }

        foreach (var entry in context.Set.Closing.Where(entry => context.Target.IsMade(entry, context.Set)))
        {
            if (entry.DependsOn.FirstOrDefault(_failed.ContainsKey) is var need and not 0)
            {
                GiveUp(entry, _failed[need]);
            }
            else if (!await EntryRunner.RunAsync(session, entry, context, cancellationToken).ConfigureAwait(false))
            {
                _failed[entry.Id] = RestoreNames.WithKind(entry);
            }
        }
    }

    private async Task RunTogetherAsync(TargetSession session, List<TocEntry> entries, CancellationToken cancellationToken)
    {
        var sizes = context.Set.Tables.ToDictionary(table => new QualifiedName(table.Schema, table.Name), table => table.RawBytes);
        var schedule = new PostDataSchedule(entries, context.Set.Objects, sizes);
        var idle = new Stack<TargetSession>([session]);
        var opened = new List<TargetSession>();
        var running = new List<Task<(TocEntry Entry, TargetSession Session, bool IsMade)>>();
        var connections = context.Connections;
        TocEntry? waiting = null;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            while (!schedule.IsDone)
            {
                while (running.Count < connections && (waiting ?? schedule.TryStart()) is { } entry)
                {
                    if (!idle.TryPop(out var free))
                    {
                        free = await TryOpenAsync(running.Count, cancellationToken).ConfigureAwait(false);
                        if (free is null)
                        {
                            // The entry is taken up by the first connection that is done with another.
                            (connections, waiting) = (running.Count, entry);
                            break;
                        }

                        opened.Add(free);
                    }

                    waiting = null;
                    running.Add(MakeAsync(free, entry, stop.Token));
                }

                var finished = await Task.WhenAny(running).ConfigureAwait(false);
                running.Remove(finished);
                var (made, itsSession, isMade) = await finished.ConfigureAwait(false);
                idle.Push(itsSession);
                Settle(schedule, made, isMade);
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var other in opened)
            {
                await other.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task<TargetSession?> TryOpenAsync(int working, CancellationToken cancellationToken)
    {
        try
        {
            return await context.OpenAsync(isAlone: false, cancellationToken).ConfigureAwait(false);
        }
        catch (DatabaseException exception) when (working > 0)
        {
            RestoreLog.FewerConnections(context.Logger, working, exception.Message);
            return null;
        }
    }

    private async Task<(TocEntry Entry, TargetSession Session, bool IsMade)> MakeAsync(
        TargetSession session, TocEntry entry, CancellationToken cancellationToken) =>
        (entry, session, await EntryRunner.RunAsync(session, entry, context, cancellationToken).ConfigureAwait(false));

    private void Settle(PostDataSchedule schedule, TocEntry entry, bool isMade)
    {
        if (isMade)
        {
            schedule.Finish(entry);
            return;
        }

        var name = RestoreNames.WithKind(entry);
        _failed[entry.Id] = name;
        foreach (var lost in schedule.Fail(entry))
        {
            GiveUp(lost, name);
        }
    }

    private void GiveUp(TocEntry entry, string cause)
    {
        _failed[entry.Id] = cause;
        EntryRunner.Fail(
            context,
            new RestoreFailure
            {
                Kind = entry.Kind,
                Subject = RestoreNames.Of(entry),
                Reason = $"It needs {cause}, which could not be made.",
                Statement = TocKinds.IsConfidential(entry.Kind) ? null : entry.Create,
            },
            null);
    }
}
