using Backup.Core.Archives.Manifest;
using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;
using Backup.Core.Postgres.Server;

namespace Backup.Core.Pipeline.Sources;

/// <summary>One instant of a source, held open until it is disposed.</summary>
internal abstract class RowSnapshot : IAsyncDisposable
{
    /// <summary>What was fixed.</summary>
    public abstract SnapshotInfo Info { get; }

    /// <summary>The chosen tables, the largest first.</summary>
    public abstract IReadOnlyList<TableInfo> Tables { get; }

    /// <summary>What other processes join by; <see langword="null"/> where the source cannot share its snapshot with them.</summary>
    public virtual SharedSnapshot? Shared => null;

    /// <summary>Chosen tables that cannot be read at all, where the request lets the run go on without them.</summary>
    public abstract IReadOnlyList<FailureRecord> Unreadable { get; }

    /// <summary>How many readers there may be; fewer than asked for where the source cannot share its snapshot.</summary>
    public abstract int Connections { get; }

    /// <summary>Gives the definitions of all objects. Readers may be at work, and the listing of objects.</summary>
    /// <param name="known">A schema that may still be the same; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public abstract Task<DatabaseSchema> ReadSchemaAsync(KnownSchema? known, CancellationToken cancellationToken);

    /// <summary>Gives what belongs to the server: settings of the database, and roles. Under the same rules as the definitions.</summary>
    /// <param name="withRoles">Whether the roles are wanted.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public virtual Task<ServerObjects> ReadServerObjectsAsync(bool withRoles, CancellationToken cancellationToken) =>
        Task.FromResult(ServerObjects.None);

    /// <summary>Prepares the listing of the objects whose rows the database has. Done before any reader is opened.</summary>
    /// <returns>The listing, to be disposed before the snapshot; <see langword="null"/> when the database has no such rows or does not
    /// show all of them.</returns>
    public abstract Task<ObjectListing?> OpenObjectsAsync(CancellationToken cancellationToken);

    /// <summary>One of the readers.</summary>
    /// <param name="number">From 0. Reader 0 lives as long as the snapshot; each is opened once.</param>
    public abstract RowReader OpenReader(int number);

    /// <summary>Makes sure that the instant was held until now: called when every page has been read, before anything is committed.</summary>
    /// <exception cref="Errors.DatabaseException">It was lost on the way.</exception>
    public abstract Task ConfirmAsync(CancellationToken cancellationToken);

    /// <summary>Asks, without waiting for any reader, whether the instant was held until now.</summary>
    /// <returns><see langword="false"/> when nothing is known, because the connection that would know is in use or lost.</returns>
    public abstract Task<bool> TryConfirmAsync(CancellationToken cancellationToken);

    /// <summary>What tells this source from others of its name. Asked before any reader is opened.</summary>
    /// <returns>The server's own number; <see langword="null"/> where it does not tell.</returns>
    public abstract Task<string?> ReadIdentityAsync(CancellationToken cancellationToken);

    /// <summary>Closes all connections and gives the locks back.</summary>
    public abstract ValueTask DisposeAsync();
}
