using Backup.Core.Errors;
using Npgsql;

namespace Backup.Core.Postgres;

/// <summary>One connection inside the snapshot's transaction, and the pages that are read over it, one at a time.</summary>
/// <remarks>
/// Every page is read behind a savepoint: when the server refuses one, the transaction, its snapshot and its locks live on.
/// A joined connection locks each table when it first reads it and never waits in line for that lock: behind a session that
/// wants the table exclusively, it would wait for the coordinator's lock, which lasts as long as the backup.
/// </remarks>
internal sealed class SnapshotConnection : IAsyncDisposable
{
    private const string Savepoint = "backup_page";

    // LOCK with NOWAIT covers the table. Its indexes are locked by planning, which can only be limited in time.
    private static readonly TimeSpan IndexLockTimeout = TimeSpan.FromMilliseconds(100);

    private readonly DataConnection _connection;
    private readonly string _encoding;
    private readonly HashSet<uint>? _locked;
    private bool _hasSavepoint;
    private TablePage? _page;

    /// <summary>Takes over a connection whose transaction shows the snapshot.</summary>
    /// <param name="connection">The connection; disposed with this object.</param>
    /// <param name="encoding">The database's encoding.</param>
    /// <param name="holdsLocks">Whether every table is locked already, as in the coordinator.</param>
    public SnapshotConnection(DataConnection connection, string encoding, bool holdsLocks)
    {
        _connection = connection;
        _encoding = encoding;
        _locked = holdsLocks ? null : [];
    }

    /// <summary>Whether the connection still stands; once it is lost, so is its place in the snapshot.</summary>
    public bool IsUsable => _connection.IsOpen;

    /// <summary>Starts reading a page.</summary>
    /// <returns><see langword="false"/> when another session stands in line for the table: the coordinator has to read it.</returns>
    /// <exception cref="DatabaseException">The server refused, or the connection is lost.</exception>
    public async Task<bool> TryOpenAsync(TablePage page, CancellationToken cancellationToken)
    {
        _page = page;
        try
        {
            if (!await PrepareAsync(page, cancellationToken).ConfigureAwait(false))
                return false;

            await _connection.OpenCopyAsync(CopyStatement.Export(page, _encoding), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (_connection.IsFault(e))
        {
            await RollBackAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            throw DatabaseFault.On(e, $"Reading {page.Table.Name}", page.Table.Name.ToString());
        }
        catch (OperationCanceledException)
        {
            await RollBackAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Fills the destination as far as the page goes; less than its length, or 0, only at the end.</summary>
    /// <exception cref="DatabaseException">The server stopped, or the connection is lost.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        try
        {
            return await _connection.ReadCopyAsync(destination, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (_connection.IsFault(e) || DatabaseFault.IsCancellation(e))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var fault = e is OperationCanceledException { InnerException: { } inner } ? inner : e;
            throw DatabaseFault.On(fault, $"Reading {_page!.Table.Name}", _page.Table.Name.ToString());
        }
    }

    /// <summary>Ends the page, read to its end or not; the connection is ready for the next unless it is lost.</summary>
    public async ValueTask CloseAsync()
    {
        if (!await _connection.CloseCopyAsync().ConfigureAwait(false))
            await RollBackAsync().ConfigureAwait(false);
        _page = null;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await CloseAsync().ConfigureAwait(false);

            // Ended here and not by the pool's reset: behind a transaction pooler the server is freed at once.
            if (IsUsable)
                await _connection.CleanUpAsync("ROLLBACK").ConfigureAwait(false);
        }
        catch (Exception e) when (_connection.IsFault(e))
        {
            // The server has rolled back with the connection.
        }
        finally
        {
            await _connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<bool> PrepareAsync(TablePage page, CancellationToken cancellationToken)
    {
        var release = _hasSavepoint ? $"RELEASE SAVEPOINT {Savepoint};" : string.Empty;
        _hasSavepoint = true;
        var mustLock = _locked is not null && !_locked.Contains(page.Table.Oid);
        // The lock is taken before the page's own savepoint, so that it outlives a page that fails.
        var statements = mustLock
            ? $"{release}SAVEPOINT {Savepoint};{LockStatements(page)}RELEASE SAVEPOINT {Savepoint};SAVEPOINT {Savepoint}"
            : $"{release}SAVEPOINT {Savepoint}";
        try
        {
            await _connection.ExecuteAsync(statements, cancellationToken).ConfigureAwait(false);
            _locked?.Add(page.Table.Oid);
            return true;
        }
        catch (NpgsqlException e) when (mustLock && DatabaseFault.IsLockNotAvailable(e))
        {
            await RollBackAsync().ConfigureAwait(false);
            return false;
        }
    }

    private static string LockStatements(TablePage page)
    {
        var table = page.Table.Name.ToSql();
        var lockTable = $"LOCK TABLE ONLY {table} IN ACCESS SHARE MODE NOWAIT;";
        return CopyStatement.IsPlain(page)
            ? lockTable
            : $"SET LOCAL lock_timeout = {IndexLockTimeout.TotalMilliseconds};{lockTable}{CopyStatement.LockIndexes(page.Table.Name)};SET LOCAL lock_timeout = 0;";
    }

    private async Task RollBackAsync()
    {
        if (!_hasSavepoint || !IsUsable)
            return;

        try
        {
            await _connection.CleanUpAsync($"ROLLBACK TO SAVEPOINT {Savepoint}").ConfigureAwait(false);
        }
        catch (Exception e) when (_connection.IsFault(e))
        {
            // The first fault is the one to report; this connection is of no more use, and the next page says so.
        }
    }
}
