using Backup.Core.Errors;
using Npgsql;

namespace Backup.Core.Postgres;

/// <summary>Loads raw COPY text into one table.</summary>
/// <remarks>One caller at a time. Disposing without <see cref="CompleteAsync"/> makes the COPY fail: no row of it stays.</remarks>
internal sealed class CopyWriter : IAsyncDisposable
{
    private readonly QualifiedName _table;
    private NpgsqlCopyTextWriter? _copy;
    private long _rows;

    private CopyWriter(QualifiedName table, NpgsqlCopyTextWriter copy)
    {
        _table = table;
        _copy = copy;
    }

    /// <summary>Sends COPY FROM STDIN into a table.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="table">The table.</param>
    /// <param name="columns">The columns, in the order of the rows' fields.</param>
    /// <param name="encoding">The encoding of the rows.</param>
    /// <param name="isEmptied">Whether the transaction under way has emptied the table.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    /// <exception cref="DatabaseException">The server refused, or the connection is lost.</exception>
    public static Task<CopyWriter> OpenAsync(
        NpgsqlConnection connection, QualifiedName table, IReadOnlyList<string> columns, string encoding, bool isEmptied, CancellationToken cancellationToken) =>
        OpenAsync(connection, table, CopyStatement.Import(table, columns, encoding, isEmptied), cancellationToken);

    /// <summary>Sends a COPY FROM STDIN.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="table">The table, for messages.</param>
    /// <param name="statement">The statement.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    /// <exception cref="DatabaseException">The server refused, or the connection is lost.</exception>
    public static async Task<CopyWriter> OpenAsync(
        NpgsqlConnection connection, QualifiedName table, string statement, CancellationToken cancellationToken)
    {
        try
        {
            var copy = (NpgsqlCopyTextWriter)await connection.BeginTextImportAsync(statement, cancellationToken).ConfigureAwait(false);
            copy.Timeout = 0;
            return new CopyWriter(table, copy);
        }
        catch (Exception e) when (DatabaseFault.IsFrom(connection, e))
        {
            throw Fault(e, table);
        }
    }

    /// <summary>Sends rows; a call may end in the middle of one.</summary>
    /// <exception cref="DatabaseException">The connection is lost.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> rows, CancellationToken cancellationToken)
    {
        var copy = _copy ?? throw new InvalidOperationException("The COPY has ended.");
        try
        {
            await copy.BaseStream.WriteAsync(rows, cancellationToken).ConfigureAwait(false);
            _rows += CopyText.CountRows(rows.Span);
        }
        catch (Exception e) when (DatabaseFault.IsFromDriver(e))
        {
            throw Fault(e, _table);
        }
    }

    /// <summary>Ends the COPY.</summary>
    /// <returns>The rows that were sent, all of which the server has taken.</returns>
    /// <exception cref="DatabaseException">The server refused a row, or the connection is lost; no row stays.</exception>
    public async ValueTask<long> CompleteAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var copy = _copy ?? throw new InvalidOperationException("The COPY has ended.");
        _copy = null;
        try
        {
            await copy.DisposeAsync().ConfigureAwait(false);
            return _rows;
        }
        catch (Exception e) when (DatabaseFault.IsFromDriver(e))
        {
            throw Fault(e, _table);
        }
    }

    /// <summary>Makes the COPY fail unless it was completed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_copy is not { } copy)
            return;

        _copy = null;
        try
        {
            // Disposing the driver's writer would send CopyDone and so commit a part: it has to be cancelled instead.
            await copy.CancelAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is ObjectDisposedException || DatabaseFault.IsFromDriver(e))
        {
            // The server has refused a row before, or is gone: nothing was taken either way.
        }
    }

    private static DatabaseException Fault(Exception exception, QualifiedName table) =>
        DatabaseFault.On(exception, $"Loading {table}", table.ToString());
}
