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

    // What the server was asked for along with the page that was opened last, in that order.
    private readonly Queue<TablePage> _sent = new();
    private IReadOnlyList<TablePage> _announced = [];
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

    /// <summary>Why a page could not be read, the last that could not; where the connection is lost, why it is.</summary>
    public DatabaseException? LastFault { get; private set; }

    /// <summary>
    /// Says which pages will be opened next, in that order. Where the connection can, the server is asked for all of them at once: a round
    /// trip for each would take longer than a page's rows.
    /// </summary>
    /// <param name="pages">Pages of one table or of several. What is said again of pages that were asked for already changes nothing.</param>
    public void Announce(IReadOnlyList<TablePage> pages) => _announced = _connection.SendsManyCopies ? pages : [];

    /// <summary>Starts reading a page.</summary>
    /// <returns><see langword="false"/> when another session stands in line for the table: the coordinator has to read it.</returns>
    /// <exception cref="DatabaseException">The server refused, or the connection is lost.</exception>
    public async Task<bool> TryOpenAsync(TablePage page, CancellationToken cancellationToken)
    {
        _page = page;
        try
        {
            if (await TryOpenSentAsync(page, cancellationToken).ConfigureAwait(false))
                return true;

            var announced = _announced;
            _announced = [];
            if (announced.Count > 1 && ReferenceEquals(announced[0], page))
            {
                if (await TrySendAsync(announced, cancellationToken).ConfigureAwait(false))
                    return true;

                // Of several tables this one may be free; of one there is nothing more to try.
                if (announced.All(other => other.Table.Oid == page.Table.Oid))
                    return false;
            }

            return await TrySendAsync([page], cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (_connection.IsFault(e))
        {
            await RollBackAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            throw Fault(e, page);
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
            throw Fault(fault, _page!);
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
            if (_sent.Count > 0)
                await _connection.GiveUpCopiesAsync().ConfigureAwait(false);

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

    /// <summary>Opens a page that the server was asked for together with the last one, if it was.</summary>
    private async Task<bool> TryOpenSentAsync(TablePage page, CancellationToken cancellationToken)
    {
        if (!_sent.TryDequeue(out var next))
            return false;

        if (!ReferenceEquals(next, page))
        {
            await _connection.GiveUpCopiesAsync().ConfigureAwait(false);
            await RollBackAsync().ConfigureAwait(false);
            return false;
        }

        await _connection.OpenNextCopyAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Asks the server for pages, and opens the first.</summary>
    /// <returns><see langword="false"/> when another session stands in line for one of the tables.</returns>
    private async Task<bool> TrySendAsync(IReadOnlyList<TablePage> pages, CancellationToken cancellationToken)
    {
        var release = _hasSavepoint ? $"RELEASE SAVEPOINT {Savepoint};" : string.Empty;
        _hasSavepoint = true;
        var toLock = _locked is null ? [] : pages.Where(page => !_locked.Contains(page.Table.Oid)).DistinctBy(page => page.Table.Oid).ToList();

        // Locks are taken before the pages' own savepoint, so that they outlive a page that fails.
        var setUp = toLock.Count > 0
            ? $"{release}SAVEPOINT {Savepoint};{LockStatements(toLock)}RELEASE SAVEPOINT {Savepoint};SAVEPOINT {Savepoint}"
            : $"{release}SAVEPOINT {Savepoint}";
        try
        {
            var copies = pages.Select(page => CopyStatement.Export(page, _encoding)).ToList();
            await _connection.OpenCopiesAsync(setUp, copies, cancellationToken).ConfigureAwait(false);
        }
        catch (NpgsqlException e) when (toLock.Count > 0 && DatabaseFault.IsLockNotAvailable(e))
        {
            await RollBackAsync().ConfigureAwait(false);
            return false;
        }

        _locked?.UnionWith(toLock.Select(page => page.Table.Oid));
        foreach (var page in pages.Skip(1))
            _sent.Enqueue(page);
        return true;
    }

    private static string LockStatements(IReadOnlyList<TablePage> pages)
    {
        var tables = string.Join(", ", pages.Select(page => $"ONLY {page.Table.LockedName.ToSql()}"));
        var lockTables = $"LOCK TABLE {tables} IN ACCESS SHARE MODE NOWAIT;";
        var lockIndexes = string.Concat(pages
            .Where(page => !CopyStatement.IsPlain(page))
            .Select(page => $"{CopyStatement.LockIndexes(page.Table.LockedName)};"));
        return lockIndexes.Length == 0
            ? lockTables
            : $"SET LOCAL lock_timeout = {IndexLockTimeout.TotalMilliseconds};{lockTables}{lockIndexes}SET LOCAL lock_timeout = 0;";
    }

    private DatabaseException Fault(Exception exception, TablePage page) =>
        LastFault = DatabaseFault.On(exception, $"Reading {page.Table.Name}", page.Table.Name.ToString());

    private async Task RollBackAsync()
    {
        _sent.Clear();
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
