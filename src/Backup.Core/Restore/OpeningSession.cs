using Backup.Core.Errors;
using Backup.Core.Postgres;

namespace Backup.Core.Restore;

/// <summary>A connection that is opened while something else goes on. One caller at a time; closed here unless it was taken.</summary>
internal sealed class OpeningSession : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly CancellationToken _cancellationToken;
    private readonly Task<TargetSession> _opening;
    private bool _isTaken;

    /// <summary>Begins to open a connection.</summary>
    public OpeningSession(PostgresSource source, CancellationToken cancellationToken)
    {
        _cancellationToken = cancellationToken;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _opening = Task.Run(() => TargetSession.OpenAsync(source, _stop.Token), CancellationToken.None);
    }

    /// <summary>Waits for the connection, which is then the caller's.</summary>
    /// <exception cref="DatabaseException">The server cannot be reached or refuses the connection.</exception>
    public async Task<TargetSession> TakeAsync()
    {
        try
        {
            var session = await _opening.ConfigureAwait(false);
            _isTaken = true;
            return session;
        }
        catch (OperationCanceledException)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_isTaken)
        {
            await _stop.CancelAsync().ConfigureAwait(false);
            try
            {
                await (await _opening.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is BackupException or OperationCanceledException)
            {
                // Nobody wants it any more: why it could not be opened matters to nobody, or was told by TakeAsync.
            }
        }

        _stop.Dispose();
    }
}
