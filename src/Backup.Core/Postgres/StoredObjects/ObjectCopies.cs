using Backup.Core.Errors;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Postgres.StoredObjects;

/// <summary>
/// Reads objects as COPY text over a further connection of the snapshot that speaks the protocol itself, which takes a fraction of what
/// the driver takes for rows of so many values. It is opened for the first of them, if it can be had.
/// </summary>
/// <remarks>Any number of callers; a gate lets one at a time use the connection. A failed COPY leaves the transaction as it was.</remarks>
internal sealed class ObjectCopies(DataConnections connections, OpenedSnapshot opened, TimeSpan timeout, ILogger logger) : IAsyncDisposable
{
    private const string Savepoint = "backup_objects";

    private readonly SemaphoreSlim _gate = new(1);
    private DataConnection? _connection;
    private bool _isTried;
    private bool _hasSavepoint;

    /// <summary>Reads what a COPY gives.</summary>
    /// <param name="copy">The statement, which is planned to read in the order of the index.</param>
    /// <param name="read">Reads the bytes to their end.</param>
    /// <param name="action">What is being done, as the start of a sentence.</param>
    /// <param name="cancellationToken">Cancels the statement.</param>
    /// <returns>What was read, or <see langword="null"/> when there is no such connection.</returns>
    /// <exception cref="DatabaseException">The server refused, or the connection is lost.</exception>
    public async Task<T?> TryReadAsync<T>(
        string copy, Func<DataConnection, CancellationToken, Task<T>> read, string action, CancellationToken cancellationToken)
        where T : class
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_isTried)
            {
                _connection = await TryJoinAsync(cancellationToken).ConfigureAwait(false);
                _isTried = true;
            }

            return _connection is null ? null : await ReadAsync(_connection, copy, read, action, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Ends the connection's transaction and the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        _gate.Dispose();
        if (_connection is not { } connection)
            return;

        try
        {
            if (connection.IsOpen)
                await connection.CleanUpAsync("ROLLBACK").ConfigureAwait(false);
        }
        catch (Exception e) when (connection.IsFault(e))
        {
            // The server has rolled back with the connection.
        }
        finally
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<DataConnection?> TryJoinAsync(CancellationToken cancellationToken)
    {
        if (!connections.SpeakProtocol)
            return null;

        DataConnection? connection = null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            connection = await connections.OpenAsync(connections.MaxCount + 1, limit.Token).ConfigureAwait(false);
            await SnapshotTransaction.JoinAsync(connection, opened, limit.Token).ConfigureAwait(false);
            await connection.ExecuteAsync(
                $"{ObjectConnection.LockTables};{string.Join(';', ObjectQueries.InOrder)}", limit.Token).ConfigureAwait(false);
            return connection;
        }
        catch (Exception e)
        {
            if (connection is not null)
                await connection.DisposeAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (e is not (DatabaseException or OperationCanceledException) && !DatabaseFault.IsFromDriver(e))
                throw;

            PostgresLog.ObjectsOverNpgsql(logger, e is OperationCanceledException ? "It took too long to connect." : e.Message);
            return null;
        }
    }

    private async Task<T> ReadAsync<T>(
        DataConnection connection,
        string copy,
        Func<DataConnection, CancellationToken, Task<T>> read,
        string action,
        CancellationToken cancellationToken)
    {
        var setUp = _hasSavepoint ? $"RELEASE SAVEPOINT {Savepoint};SAVEPOINT {Savepoint}" : $"SAVEPOINT {Savepoint}";
        _hasSavepoint = true;
        var isWhole = false;
        try
        {
            await connection.OpenCopiesAsync(setUp, [copy], cancellationToken).ConfigureAwait(false);
            var result = await read(connection, cancellationToken).ConfigureAwait(false);
            isWhole = true;
            return result;
        }
        catch (Exception e) when (connection.IsFault(e) || e is OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw DatabaseFault.On(e is OperationCanceledException { InnerException: { } inner } ? inner : e, action, StorageTables.Objects.ToString());
        }
        finally
        {
            if (!await connection.CloseCopyAsync().ConfigureAwait(false) || !isWhole)
                await RollBackAsync(connection).ConfigureAwait(false);
        }
    }

    private static async Task RollBackAsync(DataConnection connection)
    {
        try
        {
            if (connection.IsOpen)
                await connection.CleanUpAsync($"ROLLBACK TO SAVEPOINT {Savepoint}").ConfigureAwait(false);
        }
        catch (Exception e) when (connection.IsFault(e))
        {
            // The first fault is the one to report.
        }
    }
}
