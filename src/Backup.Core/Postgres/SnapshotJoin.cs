using System.Runtime.ExceptionServices;
using Backup.Core.Errors;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Backup.Core.Postgres;

/// <summary>Brings further connections into the coordinator's snapshot, as many as can join.</summary>
internal static class SnapshotJoin
{
    /// <summary>Opens the connections that read beside the coordinator's, or instead of it; fewer when some cannot join.</summary>
    public static async Task<IReadOnlyList<SnapshotConnection>> AllAsync(
        DataConnections connections, OpenedSnapshot opened, SnapshotOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        if (connections.MaxCount == 0)
            return [];

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.JoinTimeout);
        var attempts = Enumerable.Range(1, connections.MaxCount)
            .Select(number => TryJoinAsync(connections, opened, number, limit.Token))
            .ToArray();
        if (connections.MaxCount == options.Connections)
            await AwaitAllButOneAsync(attempts, limit, options).ConfigureAwait(false);
        var results = await AllOrNoneAsync(attempts).ConfigureAwait(false);
        var joined = results.Select(r => r.Connection).OfType<SnapshotConnection>().ToArray();
        if (cancellationToken.IsCancellationRequested)
        {
            await DisposeAllAsync(joined).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (joined.Length < options.Connections - 1 && results.FirstOrDefault(r => r.Fault is not null).Fault is { } fault)
            PostgresLog.FewerConnections(logger, joined.Length + 1, options.Connections, fault);
        return joined;
    }

    /// <summary>Opens a connection in place of one that was lost.</summary>
    /// <exception cref="DatabaseException">It cannot be had, took too long, or the snapshot is gone.</exception>
    public static async Task<SnapshotConnection> AgainAsync(
        DataConnections connections,
        OpenedSnapshot opened,
        int number,
        SnapshotOptions options,
        string source,
        CancellationToken cancellationToken)
    {
        DataConnection? connection = null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.JoinTimeout);
        try
        {
            connection = await connections.OpenAsync(number, limit.Token).ConfigureAwait(false);
            await SnapshotTransaction.JoinAsync(connection, opened, limit.Token).ConfigureAwait(false);
            return new SnapshotConnection(connection, opened.Info.Encoding, holdsLocks: false);
        }
        catch (Exception e)
        {
            if (connection is not null)
                await connection.DisposeAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (e is OperationCanceledException)
                e = new TimeoutException($"it took longer than {options.JoinTimeout.TotalSeconds:0.###} s", e);
            if (e is TimeoutException || DatabaseFault.IsFromDriver(e))
                throw DatabaseFault.On(e, $"Joining the snapshot of {source} again", source);
            throw;
        }
    }

    /// <summary>Opens a connection of the driver's on the snapshot, for something that can be done without it too.</summary>
    /// <param name="source">The source.</param>
    /// <param name="token">What the snapshot is joined by.</param>
    /// <param name="options">How long it may take.</param>
    /// <param name="first">What it does first; empty for nothing.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    /// <returns>The connection, which the caller disposes, or why there is none.</returns>
    public static async Task<(CatalogLink? Link, string? Reason)> TryFurtherAsync(
        PostgresSource source, string token, SnapshotOptions options, string first, CancellationToken cancellationToken)
    {
        NpgsqlConnection? connection = null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.JoinTimeout);
        try
        {
            connection = await source.OpenConnectionAsync(options.ConnectTimeout, limit.Token).ConfigureAwait(false);
            await SnapshotTransaction.JoinAsync(connection, token, limit.Token).ConfigureAwait(false);
            if (first.Length > 0)
                await Sql.ExecuteAsync(connection, first, limit.Token).ConfigureAwait(false);
            return (new CatalogLink(connection, options.ReadTimeout), null);
        }
        catch (Exception e)
        {
            if (connection is not null)
                await connection.DisposeAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (e is not (DatabaseException or OperationCanceledException) && !DatabaseFault.IsFromDriver(e))
                throw;

            return (null, e is OperationCanceledException ? "It took too long to connect." : e.Message);
        }
    }

    /// <summary>Disposes every connection in turn, whatever becomes of those before it: each that is left keeps a transaction and its locks.</summary>
    public static async Task DisposeAllAsync(IEnumerable<SnapshotConnection> connections)
    {
        ExceptionDispatchInfo? first = null;
        foreach (var connection in connections)
        {
            try
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception e)
            {
                first ??= ExceptionDispatchInfo.Capture(e);
            }
        }

        first?.Throw();
    }

    // The coordinator can stand in for the last one, so a place that may never come free is not waited for as long.
    private static async Task AwaitAllButOneAsync(
        Task<(SnapshotConnection? Connection, string? Fault)>[] attempts, CancellationTokenSource limit, SnapshotOptions options)
    {
        var pending = attempts.ToList();
        while (pending.Count > 1)
            pending.Remove(await Task.WhenAny(pending).ConfigureAwait(false));
        if (options.LastJoinTimeout < options.JoinTimeout)
            limit.CancelAfter(options.LastJoinTimeout);
    }

    private static async Task<(SnapshotConnection? Connection, string? Fault)[]> AllOrNoneAsync(
        Task<(SnapshotConnection? Connection, string? Fault)>[] attempts)
    {
        try
        {
            return await Task.WhenAll(attempts).ConfigureAwait(false);
        }
        catch
        {
            foreach (var attempt in attempts.Where(attempt => attempt.IsCompletedSuccessfully))
            {
                if (await attempt.ConfigureAwait(false) is { Connection: { } connection })
                    await connection.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    private static async Task<(SnapshotConnection? Connection, string? Fault)> TryJoinAsync(
        DataConnections connections, OpenedSnapshot opened, int number, CancellationToken cancellationToken)
    {
        DataConnection? connection = null;
        try
        {
            connection = await connections.OpenAsync(number, cancellationToken).ConfigureAwait(false);
            await SnapshotTransaction.JoinAsync(connection, opened, cancellationToken).ConfigureAwait(false);
            return (new SnapshotConnection(connection, opened.Info.Encoding, holdsLocks: false), null);
        }
        catch (Exception e) when (e is DatabaseException or OperationCanceledException || DatabaseFault.IsFromDriver(e))
        {
            if (connection is not null)
                await connection.DisposeAsync().ConfigureAwait(false);
            return (null, e is OperationCanceledException ? "It took too long to connect." : e.Message);
        }
    }
}
