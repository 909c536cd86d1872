using Npgsql;

namespace Backup.Core.Postgres.Wire;

/// <summary>A conversation with a server that waits for statements: one after another, or a few COPY TO STDOUT in one message.</summary>
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

    // How many COPYs of the last message have not been opened yet.
    private int _copiesToCome;

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

        /// <summary>Between two COPYs of one message.</summary>
        Between,

        /// <summary>After the last one.</summary>
        Completed,
    }

    /// <summary>What a request to stop is addressed to.</summary>
    public WireCancelKey CancelKey { get; }

    /// <summary>Whether statements can be sent.</summary>
    public bool IsOpen => !_isClosed;

    /// <summary>Whether a COPY is under way: neither have all its rows been read, nor has the server given it up.</summary>
    public bool IsCopying => _copy is not (CopyState.None or CopyState.Between);

    /// <summary>Whether one COPY has ended and further ones, sent with it, are to be opened.</summary>
    public bool HasCopiesToCome => _copy == CopyState.Between;

    /// <summary>Whether <see cref="OpenNextCopy"/> finds its answer received.</summary>
    public bool IsNextCopyReceived => HasCopiesToCome && _messages.Holds(MessageType.CopyOutResponse);

    /// <summary>Whether <see cref="ReadCopy"/> finds everything received to the end of the COPY.</summary>
    public bool IsCopyReceived =>
        IsCopying && _messages.Holds(_copiesToCome > 0 ? MessageType.CommandComplete : MessageType.ReadyForQuery);

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

    /// <summary>Sends statements that end with one or several COPY TO STDOUT, and opens the first of these.</summary>
    /// <param name="statements">The statements.</param>
    /// <param name="copies">How many of them are COPYs.</param>
    /// <exception cref="PostgresException">The server refused a statement, and what came after it.</exception>
    /// <exception cref="IOException">The connection is lost.</exception>
    public void OpenCopies(string statements, int copies) => Guard((statements, copies), static (session, sent) =>
    {
        session._link.Send(FrontendMessage.Query(sent.statements));
        session._copiesToCome = sent.copies;
        return session.StartCopy(isFirst: true);
    });

    /// <summary>Opens the next of the COPYs that were sent; the last one has been read to its end.</summary>
    /// <exception cref="PostgresException">The server refused; it gives none of the others either.</exception>
    /// <exception cref="IOException">The connection is lost.</exception>
    public void OpenNextCopy()
    {
        if (!HasCopiesToCome)
            throw new InvalidOperationException("No COPY is to come.");
        Guard(false, static (session, isFirst) => session.StartCopy(isFirst));
    }

    /// <summary>Fills the destination as far as the rows go, or until cancelled.</summary>
    /// <returns>The bytes read; less than the destination's length at the end, when <see cref="IsCopying"/> is no longer true.</returns>
    /// <exception cref="PostgresException">The server stopped; the COPY is over.</exception>
    /// <exception cref="IOException">The connection is lost.</exception>
    public int ReadCopy(Span<byte> destination, CancellationToken cancellationToken)
    {
        try
        {
            var filled = 0;
            while (IsCopying && filled < destination.Length && !cancellationToken.IsCancellationRequested)
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

    /// <summary>Reads away what is left of a COPY that the server was asked to stop, and of those that were sent with it.</summary>
    /// <returns>Whether it has stopped within the limit.</returns>
    /// <exception cref="IOException">The connection is lost.</exception>
    public bool Drain(Span<byte> scratch, long limitBytes)
    {
        try
        {
            for (long drained = 0; _copy != CopyState.None && drained < limitBytes;)
            {
                if (HasCopiesToCome)
                    OpenNextCopy();
                drained += ReadCopy(scratch, CancellationToken.None);
            }
        }
        catch (PostgresException)
        {
            // The answer to the request.
        }

        return _copy == CopyState.None;
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

    private CopyState StartCopy(bool isFirst)
    {
        while (true)
        {
            var type = Next(null);
            switch (type)
            {
                case MessageType.CopyOutResponse:
                    _copiesToCome--;
                    return _copy = CopyState.Rows;
                case MessageType.RowDescription or MessageType.DataRow or MessageType.CommandComplete when isFirst:
                    // The answers to the statements before it.
                    break;
                case MessageType.ErrorResponse:
                    FailWhenReady();
                    break;
                default:
                    throw ProtocolException.Unexpected(type, "in answer to COPY");
            }
        }
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
                _copy = _copiesToCome > 0 ? CopyState.Between : CopyState.Completed;
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

    private T Guard<TSent, T>(TSent sent, Func<WireSession, TSent, T> exchange)
    {
        if (_isClosed)
            throw new IOException("the connection is closed");
        try
        {
            return exchange(this, sent);
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
