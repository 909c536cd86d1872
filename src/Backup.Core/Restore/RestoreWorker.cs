using Backup.Core.Errors;
using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;

namespace Backup.Core.Restore;

/// <summary>Does what there is to do over one connection. May run several times at once.</summary>
/// <param name="work">Where work comes from.</param>
/// <param name="connections">Where the connection comes from.</param>
/// <param name="loader">Loads rows.</param>
/// <param name="maker">Makes entries.</param>
/// <param name="endRows">What is done once when all rows are there or given up.</param>
internal sealed class RestoreWorker(
    RestoreWork work, RowConnections connections, TableLoader loader, EntryMaker maker, Func<TargetSession, CancellationToken, Task> endRows)
{
    /// <summary>Works until there is nothing more, or until no connection can be had while another worker has one.</summary>
    /// <exception cref="RestoreException">Something failed and the request stops at the first error.</exception>
    /// <exception cref="DatabaseException">No connection can be opened, or it was lost when no rows were being loaded.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        TargetSession? session = null;
        try
        {
            // The connection comes before the work: who has none must not take what others can do.
            while (await work.WaitAsync(cancellationToken).ConfigureAwait(false))
            {
                if (session is { IsOpen: false })
                {
                    await connections.CloseAsync(session).ConfigureAwait(false);
                    session = null;
                }

                session ??= await connections.TryOpenAsync(cancellationToken).ConfigureAwait(false);
                if (session is null)
                {
                    return;
                }

                if (work.TryTake() is { } item)
                {
                    await DoAsync(session, item, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            if (session is not null)
            {
                await connections.CloseAsync(session).ConfigureAwait(false);
            }
        }
    }

    private async Task DoAsync(TargetSession session, WorkItem item, CancellationToken cancellationToken)
    {
        if (item.Rows is { } unit)
        {
            await loader.LoadAsync(session, unit, cancellationToken).ConfigureAwait(false);
            work.Finish(unit);
        }
        else if (item.Entry is { } entry)
        {
            IReadOnlyList<TocEntry> entries = [entry, .. work.TakeAlong(entry)];
            var made = await maker.MakeAsync(session, entries, cancellationToken).ConfigureAwait(false);
            foreach (var (finished, isMade) in entries.Zip(made))
            {
                maker.GiveUp(work.Finish(finished, isMade), finished);
            }
        }
        else
        {
            await endRows(session, cancellationToken).ConfigureAwait(false);
            work.FinishRows();
        }
    }
}
