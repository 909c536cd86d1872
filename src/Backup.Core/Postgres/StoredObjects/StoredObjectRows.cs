using System.Globalization;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;

namespace Backup.Core.Postgres.StoredObjects;

/// <summary>
/// Puts back, in the rows of storage.objects and storage.buckets that uploads have made, what the API of Supabase Storage
/// cannot: ids, owners and times. One caller at a time.
/// </summary>
internal sealed class StoredObjectRows : IAsyncDisposable
{
    // Rows are found by their index, whatever the estimates say of a table that has just been filled.
    private const string OneByOne = "SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_seqscan = off";

    private readonly TargetSession _session;
    private readonly RowUpdates _updates;

    private StoredObjectRows(TargetSession session, RowUpdates updates, bool keepsTimes)
    {
        _session = session;
        _updates = updates;
        KeepsTimes = keepsTimes;
    }

    /// <summary>
    /// Whether the times stay as they are put back. Otherwise triggers of the tables cannot be switched off by the role, and
    /// may set updated_at to now.
    /// </summary>
    public bool KeepsTimes { get; }

    /// <summary>
    /// How many objects kept the id that the upload gave them so far: another row has the object's own id, or rows of another
    /// table refer to the new one.
    /// </summary>
    public long IdsKept { get; private set; }

    /// <summary>Connects to a database.</summary>
    /// <returns>The rows, or <see langword="null"/> when it has no storage.objects and storage.buckets of a known shape.</returns>
    /// <exception cref="DatabaseException">The database cannot be reached or asked.</exception>
    public static async Task<StoredObjectRows?> OpenAsync(PostgresSource target, CancellationToken cancellationToken)
    {
        var session = await TargetSession.OpenAsync(target, cancellationToken).ConfigureAwait(false);
        try
        {
            var columns = new StorageColumns(
                await session.QueryAsync(StorageColumns.Query, StorageColumns.ReadRow, [], cancellationToken).ConfigureAwait(false));
            if (columns.FirstMissing() is not null)
            {
                await session.DisposeAsync().ConfigureAwait(false);
                return null;
            }

            var references = await session.QueryAsync(IdReference.Query, IdReference.ReadRow, [], cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync(OneByOne, cancellationToken).ConfigureAwait(false);
            var isReplica = await TrySwitchTriggersOffAsync(session, cancellationToken).ConfigureAwait(false);
            var hasTriggers = await HasTriggersAsync(session, isReplica, cancellationToken).ConfigureAwait(false);
            return new StoredObjectRows(session, new RowUpdates(columns, references), keepsTimes: !hasTriggers);
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Puts back a bucket's owner and times; settings that the API knows are left to it.</summary>
    /// <returns>Whether there is such a bucket.</returns>
    /// <exception cref="DatabaseException">A right is missing, or the connection is lost; nothing was changed.</exception>
    public async Task<bool> RestoreBucketAsync(BucketInfo bucket, CancellationToken cancellationToken)
    {
        if (_updates.Buckets is not { } update)
            return false;

        var changed = await _session.QueryAsync(
            update,
            row => row.GetInt64(0),
            [(string[])[bucket.Id], .. Owner([bucket.OwnerId]), Times([bucket.CreatedAt]), Times([bucket.UpdatedAt])],
            cancellationToken).ConfigureAwait(false);
        return changed[0] > 0;
    }

    /// <summary>Puts back the ids, owners and times of objects, found by bucket and name; one statement, so a thousand at a time are best.</summary>
    /// <returns>How many of them there are.</returns>
    /// <exception cref="DatabaseException">A right is missing, or the connection is lost; nothing of the batch was changed.</exception>
    public async Task<int> RestoreAsync(IReadOnlyList<StoredObject> batch, CancellationToken cancellationToken)
    {
        if (batch.Count == 0 || _updates.Objects is not { } update)
            return 0;

        var rows = await _session.QueryAsync(
            update,
            row => (Changed: row.GetInt64(0), IdsKept: row.GetInt64(1)),
            [
                batch.Select(item => item.Bucket).ToArray(),
                batch.Select(item => item.Name).ToArray(),
                batch.Select(item => Uuid(item.Id)).ToArray(),
                .. Owner([.. batch.Select(item => item.OwnerId)]),
                Times([.. batch.Select(item => item.CreatedAt)]),
                Times([.. batch.Select(item => item.UpdatedAt)]),
            ],
            cancellationToken).ConfigureAwait(false);
        IdsKept += rows[0].IdsKept;
        return (int)rows[0].Changed;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _session.DisposeAsync();

    private static async Task<bool> TrySwitchTriggersOffAsync(TargetSession session, CancellationToken cancellationToken)
    {
        try
        {
            await session.ExecuteAsync("SET session_replication_role = replica", cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (DatabaseException refusal) when (session.IsOpen && refusal.SqlState is not null)
        {
            return false;
        }
    }

    private static async Task<bool> HasTriggersAsync(TargetSession session, bool isReplica, CancellationToken cancellationToken)
    {
        const string OnUpdate = "16"; // TRIGGER_TYPE_UPDATE of pg_trigger.tgtype
        var firing = isReplica ? "('A', 'R')" : "('A', 'O')";
        var found = await session.QueryAsync(
            $"""
            SELECT EXISTS (
                SELECT FROM pg_catalog.pg_trigger t
                JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
                JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = 'storage' AND c.relname IN ('buckets', 'objects')
                  AND NOT t.tgisinternal AND t.tgtype & {OnUpdate} <> 0 AND t.tgenabled IN {firing})
            """,
            row => row.GetBoolean(0),
            [],
            cancellationToken).ConfigureAwait(false);
        return found[0];
    }

    // The older column holds only uuids, the newer one any text.
    private static Array[] Owner(string?[] owners) => [owners, owners.Select(Uuid).ToArray()];

    private static string? Uuid(string? text) => Guid.TryParse(text, out var id) ? id.ToString() : null;

    private static string?[] Times(DateTimeOffset?[] times) =>
        [.. times.Select(time => time?.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss.ffffff'+00'", CultureInfo.InvariantCulture))];
}
