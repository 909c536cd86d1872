using Backup.Core.Errors;
using Npgsql;

namespace Backup.Core.Postgres;

/// <summary>
/// The connection that took the snapshot and holds every lock: it reads catalogs, and those tables that only it can read, for one
/// caller at a time.
/// </summary>
/// <param name="driver">The driver's connection.</param>
/// <param name="link">What catalogs are read over.</param>
/// <param name="connection">What pages are read over; the same connection.</param>
/// <param name="database">The name of the database.</param>
internal sealed class Coordinator(NpgsqlConnection driver, CatalogLink link, SnapshotConnection connection, string database) : IDisposable
{
    // The archive waits for the answer, and a time budget may be running out.
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(15);

    private volatile Task _catalogReading = Task.CompletedTask;

    /// <summary>What pages are read over.</summary>
    public SnapshotConnection Connection => connection;

    /// <summary>Entered for as long as a page, or a catalog, is read over the connection.</summary>
    public SemaphoreSlim Gate { get; } = new(1);

    /// <summary>Reads catalogs. Readers may be at work: a page that only this connection can read waits until this has ended.</summary>
    /// <exception cref="DatabaseException">The catalog cannot be read.</exception>
    public async Task<T> ReadCatalogAsync<T>(Func<CatalogLink, Task<T>> read, CancellationToken cancellationToken)
    {
        var reading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        _catalogReading = reading.Task;
        try
        {
            return await read(link).ConfigureAwait(false);
        }
        catch (Exception e) when (DatabaseFault.IsFrom(driver, e))
        {
            // A reader that lost the connection knows why; here it is only known that it is not open.
            throw !connection.IsUsable && connection.LastFault is { } reason
                ? reason
                : DatabaseFault.On(e, $"Reading the catalog of {database}", database);
        }
        finally
        {
            Gate.Release();
            reading.SetResult();
        }
    }

    /// <summary>
    /// Makes sure that the transaction, and with it every lock, has lasted until now. To be called when the last page has been read:
    /// a table that lost its lock may have been truncated, and the snapshot would show it empty.
    /// </summary>
    /// <exception cref="DatabaseException">The connection was lost: what was read is not to be trusted.</exception>
    public async Task ConfirmAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Sql.ExecuteAsync(link, "SELECT", cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (DatabaseFault.IsFrom(driver, e))
        {
            throw DatabaseFault.On(e, $"Holding the snapshot of {database}", database);
        }
    }

    /// <summary>
    /// The same while readers are at work, without waiting for any: the connection is asked only when none uses it. A reading of
    /// catalogs that has begun is waited for.
    /// </summary>
    /// <returns><see langword="false"/> when it is in use or lost, so that nothing is known.</returns>
    public async Task<bool> TryConfirmAsync(CancellationToken cancellationToken)
    {
        // Whoever waited here while a reader that has the connection waits for memory would wait for ever. A reading of catalogs needs
        // none, so it ends whoever waits for what; without waiting for it, a short run that is interrupted would have nothing to go on with.
        while (!connection.IsUsable || !await Gate.WaitAsync(TimeSpan.Zero, cancellationToken).ConfigureAwait(false))
        {
            if (!connection.IsUsable || _catalogReading is not { IsCompleted: false } reading)
                return false;

            await reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        try
        {
            await Sql.ExecuteAsync(link.Within(ProbeLimit), "SELECT", cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (DatabaseFault.IsFrom(driver, e))
        {
            // Whoever needs the snapshot next says so.
            return false;
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Gate.Dispose();
}
