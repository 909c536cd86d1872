using System.Buffers;
using Backup.Core.Diagnostics;
using Backup.Core.Errors;
using Backup.Core.Postgres;
using Backup.Core.Postgres.LargeObjects;

namespace Backup.Core.Restore;

/// <summary>Loads tables, or pages of them, each in a transaction of its own. Safe for several threads.</summary>
internal sealed class TableLoader(RestoreContext context, Action<TableLoad, RestoreFailure, Exception?> fail)
{
    // Large enough that a message to the server is worth its system call, small enough to stay off the large object heap.
    private const int BufferBytes = 64 * 1024;

    /// <summary>Loads a unit, or notes why it cannot be loaded.</summary>
    public async Task LoadAsync(TargetSession session, LoadUnit unit, CancellationToken cancellationToken)
    {
        if (unit.Load.Failure is not null)
        {
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            await TryLoadAsync(session, unit, buffer, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task TryLoadAsync(TargetSession session, LoadUnit unit, byte[] buffer, CancellationToken cancellationToken)
    {
        var name = unit.Load.Name.ToString();
        using var work = context.Tracker.Working(name);
        using var span = BackupSpans.Start(BackupTelemetry.RestoreTableSpan);
        span?.SetTag(BackupTelemetry.TableAttribute, name);
        try
        {
            await session.ExecuteAsync(BeginOf(unit), cancellationToken).ConfigureAwait(false);
            var rows = await LoadAsync(session, unit, buffer, cancellationToken).ConfigureAwait(false);

            // A connection that is lost from here on leaves it open whether the rows are there.
            unit.Load.Touch();
            await session.ExecuteAsync("COMMIT", cancellationToken).ConfigureAwait(false);
            context.Tracker.AddRows(rows);
            span?.SetTag(BackupTelemetry.RowsAttribute, rows);
            if (unit.Load.Add(unit.Count, rows))
            {
                context.Tracker.AddTable();
            }
        }
        catch (BackupException exception)
        {
            span.Fail(exception);
            fail(unit.Load, TargetFault.OfRows(name, exception), exception);
            await RollBackAsync(session, cancellationToken).ConfigureAwait(false);
        }
    }

    // A table that its own transaction empties first is filled without a look at its free space, so that the rows keep their
    // order whatever autovacuum does meanwhile, and without write-ahead log where wal_level is minimal. Only a table that this
    // run has made may be emptied unasked: one of an extension holds rows of the extension's own.
    private string BeginOf(LoadUnit unit) => IsEmptied(unit) ? $"BEGIN; TRUNCATE ONLY {unit.Load.Name.ToSql()}"
        : unit.Load.IsLargeObjects ? $"BEGIN; {LargeObjectLoading.CreateContentsTable}{(unit.Load.Table.Mixed ? LargeObjectLoading.CreateMixedWriter : "")}"
        : "BEGIN";

    // Rows that another partition brought may be in it already.
    private bool IsEmptied(LoadUnit unit) => unit is { IsWholeTable: true, Load.IsDistributed: false } && context.IsMade(unit.Load.Name);

    private async Task<long> LoadAsync(TargetSession session, LoadUnit unit, byte[] buffer, CancellationToken cancellationToken)
    {
        var columns = context.Set.PlatformTables.GetValueOrDefault(unit.Load.Name, unit.Load.Table.Columns);
        var filter = columns.Count < unit.Load.Table.Columns.Count ? new CopyFieldFilter(unit.Load.Table.Columns, columns) : null;
        var opening = unit.Load.IsLargeObjects
            ? session.OpenCopyOfLargeObjectsAsync(context.Encoding, unit.Load.Table.Mixed, cancellationToken)
            : session.OpenCopyAsync(unit.Load.Target, columns, context.Encoding, IsEmptied(unit), cancellationToken);
        var writer = await opening.ConfigureAwait(false);
        await using var disposal = writer.ConfigureAwait(false);
        await foreach (var page in unit.ReadPagesAsync(context.Archive, cancellationToken).ConfigureAwait(false))
        {
            var stream = await context.Archive.OpenEntryAsync(page, cancellationToken).ConfigureAwait(false);
            await using var streamDisposal = stream.ConfigureAwait(false);
            while (await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var count and > 0)
            {
                // What stays of a block is never ahead of what has been read of it.
                var kept = filter?.Copy(buffer.AsSpan(0, count), buffer) ?? count;
                await writer.WriteAsync(buffer.AsMemory(0, kept), cancellationToken).ConfigureAwait(false);
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
