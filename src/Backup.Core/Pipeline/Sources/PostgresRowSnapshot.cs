using Backup.Core.Archives.Manifest;
using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;
using Backup.Core.Postgres.Server;

namespace Backup.Core.Pipeline.Sources;

/// <summary>A snapshot of a PostgreSQL database.</summary>
/// <param name="session">The session, which this object owns.</param>
/// <param name="tables">What was chosen.</param>
/// <param name="schemas">What the snapshots of the source before have shown.</param>
/// <param name="source">The source to dispose with the session; <see langword="null"/> when it is the caller's.</param>
internal sealed class PostgresRowSnapshot(
    SnapshotSession session, TableSelection tables, SchemaLookup schemas, PostgresSource? source) : RowSnapshot
{
    /// <inheritdoc/>
    public override SnapshotInfo Info => session.Snapshot;

    /// <inheritdoc/>
    public override IReadOnlyList<TableInfo> Tables => session.Tables;

    /// <inheritdoc/>
    public override SharedSnapshot? Shared => session.Shared;

    /// <inheritdoc/>
    public override IReadOnlyList<FailureRecord> Unreadable =>
        [.. session.Unreadable.Select(table => new FailureRecord(table.Name.ToString(), table.Fault.Message))];

    /// <inheritdoc/>
    public override int Connections => session.Connections;

    /// <inheritdoc/>
    public override Task<DatabaseSchema> ReadSchemaAsync(KnownSchema? known, CancellationToken cancellationToken) =>
        session.ReadSchemaAsync(schemas, tables, known, cancellationToken);

    /// <inheritdoc/>
    public override Task<ServerObjects> ReadServerObjectsAsync(bool withRoles, CancellationToken cancellationToken) =>
        session.ReadServerObjectsAsync(withRoles, cancellationToken);

    /// <inheritdoc/>
    public override async Task<ObjectListing?> OpenObjectsAsync(CancellationToken cancellationToken) =>
        await session.OpenObjectsAsync(cancellationToken).ConfigureAwait(false) is { } objects ? new SnapshotListing(objects) : null;

    /// <inheritdoc/>
    public override RowReader OpenReader(int number) => new PostgresRowReader(session.OpenReader(number));

    /// <inheritdoc/>
    public override Task ConfirmAsync(CancellationToken cancellationToken) => session.ConfirmAsync(cancellationToken);

    /// <inheritdoc/>
    public override Task<bool> TryConfirmAsync(CancellationToken cancellationToken) => session.TryConfirmAsync(cancellationToken);

    /// <inheritdoc/>
    public override Task<string?> ReadIdentityAsync(CancellationToken cancellationToken) => session.ReadSystemIdentifierAsync(cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        try
        {
            await session.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            if (source is not null)
            {
                await source.DisposeAsync().ConfigureAwait(false);
            }
        }
    }
}
