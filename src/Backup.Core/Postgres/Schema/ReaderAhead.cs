using Npgsql;

namespace Backup.Core.Postgres.Schema;

/// <summary>
/// A reader whose first query, the longest of a large schema, runs over a connection of its own while those before it read over theirs.
/// </summary>
internal sealed class ReaderAhead : IAsyncDisposable
{
    private readonly ObjectKindReader _reader;
    private readonly NpgsqlConnection _connection;
    private readonly TaskCompletionSource _turn;
    private readonly CancellationTokenSource _stop;
    private readonly Task _reading;

    private ReaderAhead(
        ObjectKindReader reader, NpgsqlConnection connection, TaskCompletionSource turn, CancellationTokenSource stop, Task reading)
    {
        _reader = reader;
        _connection = connection;
        _turn = turn;
        _stop = stop;
        _reading = reading;
    }

    /// <summary>Begins to read.</summary>
    /// <param name="reader">The reader; it touches the catalog only after its first query.</param>
    /// <param name="context">The context of all readers.</param>
    /// <param name="catalog">Where it adds what it reads, once <see cref="EndAsync"/> says that its turn has come.</param>
    /// <param name="link">A connection on the same snapshot, disposed with this.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static ReaderAhead Start(
        ObjectKindReader reader, ReadContext context, SchemaCatalog catalog, CatalogLink link, CancellationToken cancellationToken)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = reader.ReadAsync(context.Ahead(link, turn.Task), catalog, stop.Token);
        return new ReaderAhead(reader, link.Connection, turn, stop, reading);
    }

    /// <summary>Whether this reads in the place of another reader.</summary>
    public bool StandsFor(ObjectKindReader reader) => reader.GetType() == _reader.GetType();

    /// <summary>Says that it is the reader's turn, and waits until it has read all.</summary>
    public Task EndAsync()
    {
        _turn.SetResult();
        return _reading;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();

        // Its transaction has read only, and ends with it.
        await _connection.DisposeAsync().ConfigureAwait(false);
    }
}
