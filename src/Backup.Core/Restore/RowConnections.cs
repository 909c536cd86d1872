using Backup.Core.Errors;
using Backup.Core.Postgres;

namespace Backup.Core.Restore;

/// <summary>Opens the connections that load rows side by side. When no more can be had, those that there are go on. Safe for several threads.</summary>
internal sealed class RowConnections(RestoreContext context) : IDisposable
{
    // One at a time: whether a refusal matters depends on whether another connection works.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private int _open;

    /// <summary>Opens a connection.</summary>
    /// <returns>The connection; <see langword="null"/> when it is refused while another works.</returns>
    /// <exception cref="DatabaseException">It is refused, and there is no other.</exception>
    public async Task<TargetSession?> TryOpenAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (true)
            {
                var isAlone = Volatile.Read(ref _open) == 0;
                try
                {
                    var session = await context.OpenForRowsAsync(isAlone, cancellationToken).ConfigureAwait(false);
                    Interlocked.Increment(ref _open);
                    return session;
                }
                catch (DatabaseException exception) when (!isAlone)
                {
                    // Where the others were lost meanwhile, this one has become the only one and is worth another attempt.
                    var open = Volatile.Read(ref _open);
                    if (open > 0)
                    {
                        RestoreLog.FewerConnections(context.Logger, open, exception.Message);
                        return null;
                    }
                }
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Closes a connection, working or lost.</summary>
    public async ValueTask CloseAsync(TargetSession session)
    {
        Interlocked.Decrement(ref _open);
        await session.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();
}
