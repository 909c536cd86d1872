using System.Data;
using Backup.Core.Hosting;
using Npgsql;

namespace Backup.Core.Postgres;

/// <summary>A data connection of Npgsql's.</summary>
internal sealed class NpgsqlDataConnection : DataConnection
{
    // What a statement that cleans up may take, and a little more. On a network that is gone the driver then goes on for
    // half a minute to ask the server to stop it, and nobody is to wait for that.
    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromSeconds(7);

    private readonly NpgsqlConnection _connection;
    private readonly CatalogLink _link;
    private readonly CopyReader _copy;
    private bool _isGivenUp;

    /// <summary>Takes over a connection, which is disposed with this object.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="number">The reader's number, for the thread's name.</param>
    /// <param name="silence">How long the server may say nothing.</param>
    public NpgsqlDataConnection(NpgsqlConnection connection, int number, TimeSpan silence)
    {
        _connection = connection;
        _link = new CatalogLink(connection, silence);
        _copy = new CopyReader(connection, $"backup-core reader {number}", silence);
    }

    /// <inheritdoc/>
    public override bool IsOpen => !IsGivenUp && _connection.FullState.HasFlag(ConnectionState.Open);

    private bool IsGivenUp => _isGivenUp || _copy.IsGivenUp;

    /// <inheritdoc/>
    public override bool IsFault(Exception exception) => DatabaseFault.IsFrom(_connection, exception);

    /// <inheritdoc/>
    public override Task ExecuteAsync(string statements, CancellationToken cancellationToken) =>
        Sql.ExecuteAsync(_link, statements, cancellationToken);

    /// <inheritdoc/>
    public override Task<string[]> QueryRowAsync(string query, CancellationToken cancellationToken) =>
        Sql.SingleAsync(_link, query, Sql.ReadTexts, cancellationToken);

    /// <inheritdoc/>
    public override async Task CleanUpAsync(string statements)
    {
        var cleaning = Sql.CleanUpAsync(_connection, statements);
        try
        {
            await cleaning.WaitAsync(CleanUpLimit).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!cleaning.IsCompleted)
        {
            _isGivenUp = true;
            LateDisposal.After(cleaning, _connection.DisposeAsync);
            throw;
        }
    }

    /// <inheritdoc/>
    public override bool SendsManyCopies => false;

    /// <inheritdoc/>
    public override async Task OpenCopiesAsync(string setUp, IReadOnlyList<string> copies, CancellationToken cancellationToken)
    {
        await ExecuteAsync(setUp, cancellationToken).ConfigureAwait(false);
        await _copy.OpenAsync(copies.Single(), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override Task OpenNextCopyAsync(CancellationToken cancellationToken) =>
        throw new InvalidOperationException("The driver sends one COPY at a time.");

    /// <inheritdoc/>
    public override ValueTask<int> ReadCopyAsync(Memory<byte> destination, CancellationToken cancellationToken) =>
        _copy.ReadAsync(destination, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<bool> CloseCopyAsync() => _copy.CloseAsync();

    /// <inheritdoc/>
    public override ValueTask GiveUpCopiesAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        _copy.Dispose();

        // One that was given up is disposed when the driver has ended what it does.
        if (!IsGivenUp)
            await _connection.DisposeAsync().ConfigureAwait(false);
    }
}
