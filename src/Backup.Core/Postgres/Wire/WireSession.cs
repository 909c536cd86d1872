using System.Diagnostics;
using Npgsql;

namespace Backup.Core.Postgres.Wire;

/// <summary>A conversation with a server that waits for statements: one after another, or one COPY TO STDOUT at a time.</summary>
/// <remarks>
/// Blocking, one caller at a time; only <see cref="Close"/> may be called from any thread. After a
/// <see cref="PostgresException"/> the session goes on if it is still open; after any other fault it is closed.
/// </remarks>
internal sealed class WireSession : IDisposable
{
    private readonly WireLink _link;
    private readonly MessageReader _messages;
    private volatile bool _isClosed;
    private CopyState _copy;

    /// <summary>Takes over a link whose server has said that it is ready.</summary>
    public WireSession(WireLink link, MessageReader messages, int processId, int secretKey)
    {
        _link = link;
        _messages = messages;
        CancelKey = new WireCancelKey(link.EndPoint, link.IsEncrypted, processId, secretKey);
    }

    private enum CopyState
    {
        None,
        Rows,
        RowsEnded,
        Completed,
    }

    /// <summary>What a request to stop is addressed to.</summary>
    public WireCancelKey CancelKey { get; }

    /// <summary>Whether statements can be sent.</summary>
    public bool IsOpen => !_isClosed;

    /// <summary>Whether a COPY is under way: neither have all its rows been read, nor has the server given it up.</summary>
    public bool IsCopying => _copy != CopyState.None;

    /// <summary>How long the server may say nothing.</summary>
    public TimeSpan SilenceLimit
    {
        set => _link.ReadTimeout = value;
    }

    /// <summary>Runs statements; rows that they give are passed over.</summary>
    /// <exception cref="PostgresException">The server refused one, and what came after it.</exception>
    /// <exception cref="IOException">The connection is lost.</exception>
    public void Execute(string statements) => Guard(statements, static (session, statements) => session.Run(statements));

    /// <summary>Runs a query of one row and gives its values as text; <see langword="null"/> values as empty text.</summary>
    /// <exception cref="PostgresException">The server refused.</exception>
    /// <exception cref="IOException">The connection is lost, or there is not one row.</exception>
    public string[] QueryRow(string query) => Guard(query, static (session, query) => session.Run(query))
        ?? throw new ProtocolException("the server gave no row");

    /// <summary>Sends a COPY TO STDOUT.</summary>
    /// <exception cref="PostgresException">The server refused.</exception>
    /// <exception cref="IOException">The connection is lost.</exception>
    public void OpenCopy(string statement) => Guard(statement, static (session, statement) => session.StartCopy(statement));

    /// <summary>Fills the destination as far as the rows go, or until cancelled.</summary>
    /// <returns>The bytes read; less than the destination's length at the end, when <see cref="IsCopying"/> is no longer true.</returns>
    /// <exception cref="PostgresException">The server stopped; the COPY is over.</exception>
    /// <exception cref="IOException">The connection is lost.</exception>
    public int ReadCopy(Span<byte> destination, CancellationToken cancellationToken)
    {
        try
        {
            var filled = 0;
            while (_copy != CopyState.None && filled < destination.Length && !cancellationToken.IsCancellationRequested)
            {
                if (_copy == CopyState.Rows)
                    filled += _messages.CopyRows(destination[filled..], cancellationToken);
                if (filled < destination.Length && !cancellationToken.IsCancellationRequested)
                    EndCopy(_messages.ReadReply());
            }

            return filled;
        }
        catch (Exception e)
        {
            throw Settle(e);
        }
    }

    /// <summary>Reads away what is left of a COPY that the server was asked to stop.</summary>
    /// <returns>Whether it has stopped within the limits.</returns>
    /// <exception cref="IOException">The connection is lost.</exception>
    public bool Drain(Span<byte> scratch, long limitBytes, TimeSpan limit)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            for (long drained = 0; IsCopying && drained < limitBytes && Stopwatch.GetElapsedTime(started) < limit;)
                drained += ReadCopy(scratch, CancellationToken.None);
        }
        catch (PostgresException)
        {
            // The answer to the request.
        }

        return !IsCopying;
    }

    /// <summary>Tells the server that the session ends.</summary>
    /// <exception cref="IOException">The connection is lost.</exception>
    public void Terminate() => _link.Send(FrontendMessage.Terminate());

    /// <summary>Closes the socket, from any thread: what blocks fails.</summary>
    public void Close()
    {
        _isClosed = true;
        _link.Close();
    }

    /// <summary>Frees everything; not while a call is under way.</summary>
    public void Dispose()
    {
        _isClosed = true;
        _link.Dispose();
    }

    private string[]? Run(string statements)
    {
        _link.Send(FrontendMessage.Query(statements));
        string[]? row = null;
        while (true)
        {
            var type = Next(null);
            switch (type)
            {
                case MessageType.RowDescription or MessageType.CommandComplete or MessageType.EmptyQueryResponse:
                    break;
                case MessageType.DataRow:
                    row = DataRow.Read(_messages.ReadBody());
                    break;
                case MessageType.ReadyForQuery:
                    return row;
                case MessageType.ErrorResponse:
                    FailWhenReady();
                    break;
                default:
                    throw ProtocolException.Unexpected(type, "in answer to a statement");
            }
        }
    }

    private CopyState StartCopy(string statement)
    {
        _link.Send(FrontendMessage.Query(statement));
        var type = Next(null);
        if (type == MessageType.ErrorResponse)
            FailWhenReady();
        if (type != MessageType.CopyOutResponse)
            throw ProtocolException.Unexpected(type, "in answer to COPY");
        return _copy = CopyState.Rows;
    }

    // Only what the protocol says in this order is an end: rows that merely stop coming are not all rows.
    private void EndCopy(byte type)
    {
        switch (type)
        {
            case MessageType.CopyData when _copy == CopyState.Rows:
                // It came after a notice; its payload is still to be taken.
                break;
            case MessageType.CopyDone when _copy == CopyState.Rows:
                _copy = CopyState.RowsEnded;
                break;
            case MessageType.CommandComplete when _copy == CopyState.RowsEnded:
                _copy = CopyState.Completed;
                break;
            case MessageType.ReadyForQuery when _copy == CopyState.Completed:
                _copy = CopyState.None;
                break;
            case MessageType.ErrorResponse:
                FailWhenReady();
                break;
            default:
                throw ProtocolException.Unexpected(type, "amid the rows of COPY");
        }
    }

    private void FailWhenReady()
    {
        var fault = ServerFault.Read(_messages.ReadBodyStart());
        byte type;
        do
            type = Next(fault);
        while (type == MessageType.ErrorResponse);
        throw type == MessageType.ReadyForQuery ? fault : ProtocolException.Unexpected(type, "after an error");
    }

    /// <summary>The next message's type. When the connection ends after a fault was told, the fault is what there is to say.</summary>
    private byte Next(PostgresException? fault)
    {
        try
        {
            return _messages.ReadReply();
        }
        catch (IOException) when (fault is not null)
        {
            Close();
            throw fault;
        }
    }

    private T Guard<T>(string statement, Func<WireSession, string, T> exchange)
    {
        if (_isClosed)
            throw new IOException("the connection is closed");
        try
        {
            return exchange(this, statement);
        }
        catch (Exception e)
        {
            throw Settle(e);
        }
    }

    /// <summary>Brings the state in line with a fault.</summary>
    private Exception Settle(Exception fault)
    {
        if (fault is PostgresException)
        {
            _copy = CopyState.None;
            return fault;
        }

        Close();
        return fault is IOException ? fault : new IOException("the connection was closed", fault);
    }
}
