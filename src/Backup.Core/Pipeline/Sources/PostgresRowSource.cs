using Backup.Core.Pipeline.Memory;
using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Pipeline.Sources;

/// <summary>A PostgreSQL database as a source of rows.</summary>
internal sealed class PostgresRowSource : RowSource
{
    private readonly SchemaLookup _schemas = new(new SchemaCache());
    private readonly Func<PostgresSource> _connect;
    private readonly bool _isOwnedByRun;
    private readonly JoinedPart? _part;

    private PostgresRowSource(Func<PostgresSource> connect, bool isOwnedByRun, string description, JoinedPart? part = null)
    {
        _connect = connect;
        _isOwnedByRun = isOwnedByRun;
        _part = part;
        Description = description;
    }

    /// <inheritdoc/>
    public override string Description { get; }

    /// <summary>Every run makes connections of its own: nothing stays open, and nothing has to be disposed, between two runs.</summary>
    /// <exception cref="ArgumentException">The text cannot be used.</exception>
    public static PostgresRowSource FromConnectionString(string connectionString)
    {
        // Read once here, so that a mistake is told when the pipeline is built. It opens nothing.
        var description = PostgresSource.FromConnectionString(connectionString).Description;
        return new PostgresRowSource(() => PostgresSource.FromConnectionString(connectionString), true, description);
    }

    /// <summary>Runs take their connections from a source that stays the caller's.</summary>
    public static PostgresRowSource Borrow(PostgresSource source) => new(() => source, false, source.Description);

    /// <inheritdoc/>
    public override async Task<RowSnapshot> OpenAsync(
        BackupRequest request,
        BackupOptions options,
        ResourcePlan plan,
        bool listsObjects,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        var source = _connect();
        try
        {
            var snapshotOptions = new SnapshotOptions
            {
                Connections = plan.Connections,
                LockTimeout = options.LockTimeout,
                Pages = plan.ToPageLimits(),
                ListsObjects = listsObjects,
                IsShared = request.SharesSnapshot,
                ReadsFingerprints = request.IsResumable || request.Incremental || request.TrustStatistics,
                ReadsStatistics = request.Incremental || request.TrustStatistics,
                ConnectTimeout = options.Timeouts.Connect,
                ReadTimeout = options.Timeouts.Read,
                AllowUnreadableTables = !request.Failures.Tables.IsFailFast,
            };
            var session = _part is { } part
                ? await SnapshotSession.JoinAsync(source, part.Shared, part.Tables, snapshotOptions, logger, cancellationToken).ConfigureAwait(false)
                : await SnapshotSession.OpenAsync(source, request.Tables, snapshotOptions, logger, cancellationToken).ConfigureAwait(false);
            return new PostgresRowSnapshot(session, request.Tables, _schemas, _isOwnedByRun ? source : null);
        }
        catch when (_isOwnedByRun)
        {
            await source.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public override RowSource Join(SharedSnapshot shared, IReadOnlyList<TableInfo> tables) =>
        new PostgresRowSource(_connect, _isOwnedByRun, Description, new JoinedPart(shared, tables));

    private sealed record JoinedPart(SharedSnapshot Shared, IReadOnlyList<TableInfo> Tables);
}
