using Backup.Core.Archives;
using Backup.Core.Errors;
using Backup.Core.Postgres;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Restore;

/// <summary>What the steps of one run share.</summary>
internal sealed record RestoreContext
{
    private const int AttemptsAlone = 20;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Lazy<HashSet<QualifiedName>> _madeTables;

    /// <summary>Creates the context of one run.</summary>
    public RestoreContext() => _madeTables = new Lazy<HashSet<QualifiedName>>(FindMadeTables);

    /// <summary>The request.</summary>
    public required RestoreRequest Request { get; init; }

    /// <summary>The backup.</summary>
    public required ArchiveReader Archive { get; init; }

    /// <summary>The part of it that is restored.</summary>
    public required RestoreSet Set { get; init; }

    /// <summary>The database that is restored into.</summary>
    public required PostgresSource Source { get; init; }

    /// <summary>What that database held before.</summary>
    public required TargetInspection Target { get; init; }

    /// <summary>The default privileges that the target has once what rows need is made; none where the request leaves privileges to it.</summary>
    public DefaultPrivileges DefaultPrivileges { get; init; } = DefaultPrivileges.None;

    /// <summary>PostgreSQL's name of the encoding of the rows.</summary>
    public required string Encoding { get; init; }

    /// <summary>How many connections work at once.</summary>
    public required int Connections { get; init; }

    /// <summary>Whether each table's rows are loaded in the order in which they lay.</summary>
    public required bool KeepsRowOrder { get; init; }

    /// <summary>What is counted and told.</summary>
    public required RestoreTracker Tracker { get; init; }

    /// <summary>Where the log goes.</summary>
    public required ILogger Logger { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider TimeProvider { get; init; }

    /// <summary>Whether this run has made a table, so that it holds nothing but what the run puts there.</summary>
    public bool IsMade(QualifiedName table) => _madeTables.Value.Contains(table);

    /// <summary>Opens a connection.</summary>
    /// <param name="isAlone">Whether the run has no other. A server that limits connections and has not yet noticed that the last
    /// one was closed, or that ends the connection at once, is then asked again for two seconds.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    /// <exception cref="DatabaseException">The target cannot be reached or refuses the connection.</exception>
    public Task<TargetSession> OpenAsync(bool isAlone, CancellationToken cancellationToken) =>
        OpenAsync(isAlone, isForRows: false, cancellationToken);

    /// <summary>Opens a connection that changes rows: triggers and foreign keys are switched off where the plan says so.</summary>
    /// <inheritdoc cref="OpenAsync(bool, CancellationToken)"/>
    public Task<TargetSession> OpenForRowsAsync(bool isAlone, CancellationToken cancellationToken) =>
        OpenAsync(isAlone, isForRows: true, cancellationToken);

    private async Task<TargetSession> OpenAsync(bool isAlone, bool isForRows, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await OpenOnceAsync(isForRows, cancellationToken).ConfigureAwait(false);
            }
            catch (DatabaseException exception)
                when (isAlone && attempt < AttemptsAlone && exception is { IsTransient: true, SqlState: not null })
            {
                await Task.Delay(Pause, TimeProvider, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<TargetSession> OpenOnceAsync(bool isForRows, CancellationToken cancellationToken)
    {
        var session = await TargetSession.OpenAsync(Source, cancellationToken).ConfigureAwait(false);
        try
        {
            if (isForRows && Target.LoadOrder.IsReplica)
            {
                await session.ExecuteAsync("SET session_replication_role = replica", cancellationToken).ConfigureAwait(false);
            }

            // The platform's tables of files take a DELETE only from who says so.
            if (isForRows && Set.Preset == DatabasePreset.Supabase)
            {
                await session.ExecuteAsync("SET storage.allow_delete_query = 'true'", cancellationToken).ConfigureAwait(false);
            }

            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private HashSet<QualifiedName> FindMadeTables() =>
    [
        .. Set!.PreData
            .Where(entry => entry.Kind == TocKinds.Table && Target!.IsMade(entry, Set))
            .Select(entry => new QualifiedName(entry.Schema ?? "", entry.Name)),
    ];
}
