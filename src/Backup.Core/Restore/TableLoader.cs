using System.Buffers;
using System.Threading.Channels;
using Backup.Core.Errors;
using Backup.Core.Postgres;

namespace Backup.Core.Restore;

/// <summary>Takes tables, or pages of them, off the queue and loads each in a transaction of its own. May run several times at once.</summary>
internal sealed class TableLoader(RestoreContext context, RowConnections connections, Action<TableLoad, RestoreFailure, Exception?> fail)
{
    // Large enough that a message to the server is worth its system call, small enough to stay off the large object heap.
    private const int BufferBytes = 64 * 1024;

    /// <summary>Loads until there is no more, or until no connection can be had while another loader has one.</summary>
    /// <exception cref="DatabaseException">No connection can be opened.</exception>
    public async Task RunAsync(ChannelReader<LoadUnit> units, CancellationToken cancellationToken)
    {
        TargetSession? session = null;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            // The connection comes before the unit: who has none must not take work that others can do.
            while (await units.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
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

                if (units.TryRead(out var unit) && unit.Load.Failure is null)
                {
                    await TryLoadAsync(session, unit, buffer, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            if (session is not null)
            {
                await connections.CloseAsync(session).ConfigureAwait(false);
            }
        }
    }

    private async Task TryLoadAsync(TargetSession session, LoadUnit unit, byte[] buffer, CancellationToken cancellationToken)
    {
        var name = unit.Load.Name.ToString();
        using var work = context.Tracker.Working(name);
        try
        {
            await session.ExecuteAsync(BeginOf(unit), cancellationToken).ConfigureAwait(false);
            var rows = await LoadAsync(session, unit, buffer, cancellationToken).ConfigureAwait(false);

            // A connection that is lost from here on leaves it open whether the rows are there.
            unit.Load.Touch();
            await session.ExecuteAsync("COMMIT", cancellationToken).ConfigureAwait(false);
            context.Tracker.AddRows(rows);
            if (unit.Load.Add(unit.Pages.Count, rows))
            {
                context.Tracker.AddTable();
            }
        }
        catch (BackupException exception)
        {
            fail(unit.Load, TargetFault.OfRows(name, exception), exception);
            await RollBackAsync(session, cancellationToken).ConfigureAwait(false);
        }
    }

    // A table that its own transaction empties first is filled without a look at its free space, so that the rows keep their
    // order whatever autovacuum does meanwhile, and without write-ahead log where wal_level is minimal. Only a table that this
    // run has made may be emptied unasked: one of an extension holds rows of the extension's own.
    private string BeginOf(LoadUnit unit) => unit.IsWholeTable && context.IsMade(unit.Load.Name)
        ? $"BEGIN; TRUNCATE ONLY {unit.Load.Name.ToSql()}"
        : "BEGIN";

    private async Task<long> LoadAsync(TargetSession session, LoadUnit unit, byte[] buffer, CancellationToken cancellationToken)
    {
        var writer = await session
            .OpenCopyAsync(unit.Load.Name, unit.Load.Table.Columns, context.Encoding, cancellationToken).ConfigureAwait(false);
        await using var disposal = writer.ConfigureAwait(false);
        foreach (var page in unit.Pages)
        {
            var stream = await context.Archive.OpenEntryAsync(page, cancellationToken).ConfigureAwait(false);
            await using var streamDisposal = stream.ConfigureAwait(false);
            while (await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var count and > 0)
            {
                await writer.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                context.Tracker.AddBytes(count);
            }
        }

        return await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task RollBackAsync(TargetSession session, CancellationToken cancellationToken)
    {
        try
        {
            if (session.IsOpen)
            {
                await session.ExecuteAsync("ROLLBACK", cancellationToken).ConfigureAwait(false);
            }
        }
        catch (DatabaseException)
        {
            // The connection is gone, and the transaction with it; why the rows were refused is known already.
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }
}
