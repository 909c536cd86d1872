using System.Buffers;
using System.Threading.Channels;
using Backup.Core.Errors;
using Backup.Core.Postgres;

namespace Backup.Core.Restore;

/// <summary>Takes pages off the queue and loads each in a transaction of its own. May run several times at once.</summary>
internal sealed class PageLoader(RestoreContext context, Action<TableLoad, RestoreFailure, Exception?> fail)
{
    // Large enough that a message to the server is worth its system call, small enough to stay off the large object heap.
    private const int BufferBytes = 64 * 1024;

    /// <summary>Loads pages until there are no more.</summary>
    /// <exception cref="DatabaseException">No connection can be opened.</exception>
    public async Task RunAsync(ChannelReader<LoadPage> pages, CancellationToken cancellationToken)
    {
        TargetSession? session = null;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            await foreach (var page in pages.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                if (page.Load.Failure is null)
                {
                    session = await KeepOpenAsync(session, cancellationToken).ConfigureAwait(false);
                    await TryLoadAsync(session, page, buffer, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            if (session is not null)
            {
                await session.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task<TargetSession> KeepOpenAsync(TargetSession? session, CancellationToken cancellationToken)
    {
        if (session is { IsOpen: true })
        {
            return session;
        }

        if (session is not null)
        {
            await session.DisposeAsync().ConfigureAwait(false);
        }

        var opened = await TargetSession.OpenAsync(context.Source, cancellationToken).ConfigureAwait(false);
        try
        {
            await context.PrepareForRowsAsync(opened, cancellationToken).ConfigureAwait(false);
            return opened;
        }
        catch
        {
            await opened.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task TryLoadAsync(TargetSession session, LoadPage page, byte[] buffer, CancellationToken cancellationToken)
    {
        var name = page.Load.Name.ToString();
        using var work = context.Tracker.Working(name);
        try
        {
            var rows = await LoadAsync(session, page, buffer, cancellationToken).ConfigureAwait(false);
            context.Tracker.AddRows(rows);
            if (page.Load.Add(rows))
            {
                context.Tracker.AddTable();
            }
        }
        catch (BackupException exception)
        {
            fail(page.Load, TargetFault.OfRows(name, exception), exception);
        }
    }

    private async Task<long> LoadAsync(TargetSession session, LoadPage page, byte[] buffer, CancellationToken cancellationToken)
    {
        var stream = await context.Archive.OpenEntryAsync(page.Entry, cancellationToken).ConfigureAwait(false);
        await using var disposal = stream.ConfigureAwait(false);
        var writer = await session
            .OpenCopyAsync(page.Load.Name, page.Load.Table.Columns, context.Encoding, cancellationToken).ConfigureAwait(false);
        await using var writerDisposal = writer.ConfigureAwait(false);
        while (await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var count and > 0)
        {
            await writer.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            context.Tracker.AddBytes(count);
        }

        return await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }
}
