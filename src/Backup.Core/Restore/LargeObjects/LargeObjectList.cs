using System.Buffers;
using System.Globalization;
using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Errors;
using Backup.Core.Postgres;
using Backup.Core.Postgres.LargeObjects;

namespace Backup.Core.Restore.LargeObjects;

/// <summary>The large objects of a backup, listed in a temporary table of the target: there may be too many to hold them here.</summary>
/// <remarks>It lasts as long as its session. One caller at a time.</remarks>
internal sealed class LargeObjectList
{
    // Removing a large object takes a lock, of which a server has some thousands by default.
    private const int ObjectsPerBatch = 1000;
    private const int BufferBytes = 64 * 1024;

    private readonly TargetSession _session;

    private LargeObjectList(TargetSession session) => _session = session;

    /// <summary>Loads the list unless the session has it.</summary>
    /// <param name="session">The session.</param>
    /// <param name="archive">The backup.</param>
    /// <param name="record">What its manifest says of the list.</param>
    /// <param name="loaded">Told how many bytes were sent.</param>
    /// <param name="cancellationToken">Cancels the loading.</param>
    /// <exception cref="DatabaseException">The target refuses a temporary table.</exception>
    /// <exception cref="BackupException">A page of the list is damaged.</exception>
    public static async Task<LargeObjectList> LoadAsync(
        TargetSession session, ArchiveReader archive, TableRecord record, Action<int> loaded, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync(
            $"DROP TABLE IF EXISTS {LargeObjectLoading.MetadataTable}; {LargeObjectLoading.CreateMetadataTable}", cancellationToken).ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            await CopyAsync(session, archive, record, buffer, loaded, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        await session.ExecuteAsync(LargeObjectLoading.IndexMetadataTable, cancellationToken).ConfigureAwait(false);
        return new LargeObjectList(session);
    }

    /// <summary>How many of them the target holds already, and the oids of the first few.</summary>
    public async Task<(long Count, IReadOnlyList<string> First)> FindExistingAsync(int named, CancellationToken cancellationToken)
    {
        const string Existing =
            $"{LargeObjectLoading.MetadataTable} l WHERE EXISTS (SELECT FROM pg_catalog.pg_largeobject_metadata m WHERE m.oid = l.oid)";
        var count = (await _session
            .QueryAsync($"SELECT pg_catalog.count(*) FROM {Existing}", row => row.GetInt64(0), [], cancellationToken).ConfigureAwait(false))[0];
        var first = count == 0 ? [] : await _session.QueryAsync(
            Text($"SELECT l.oid::text FROM {Existing} ORDER BY l.oid LIMIT {named}"), row => row.GetString(0), [], cancellationToken)
            .ConfigureAwait(false);
        return (count, first);
    }

    /// <summary>The roles that own them or have rights on them and that the target lacks.</summary>
    public async Task<IReadOnlyList<string>> FindMissingRolesAsync(CancellationToken cancellationToken) => await _session.QueryAsync(
        $"""
        SELECT DISTINCT r.name FROM {LargeObjectLoading.MetadataTable} l CROSS JOIN LATERAL pg_catalog.unnest(l.roles || l.owner) r(name)
        WHERE r.name IS NOT NULL AND NOT EXISTS (SELECT FROM pg_catalog.pg_roles p WHERE p.rolname = r.name) ORDER BY 1
        """,
        row => row.GetString(0),
        [],
        cancellationToken).ConfigureAwait(false);

    /// <summary>Removes those that the target holds, some at a time.</summary>
    public Task RemoveExistingAsync(CancellationToken cancellationToken) => RunAsync(
        "pg_catalog.lo_unlink(b.oid)",
        "AND EXISTS (SELECT FROM pg_catalog.pg_largeobject_metadata m WHERE m.oid = l.oid)",
        cancellationToken);

    /// <summary>Makes all of them, empty, some at a time.</summary>
    public Task CreateAsync(CancellationToken cancellationToken) => RunAsync("pg_catalog.lo_create(b.oid)", "", cancellationToken);

    /// <summary>Reads the statements that give the next objects their owners, privileges, comments and labels, by oid.</summary>
    /// <param name="after">The oid of the object before them.</param>
    /// <param name="withOwners">Whether owners and privileges are wanted.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <returns>None when there are no more.</returns>
    public Task<List<LargeObjectStatements>> ReadStatementsAsync(uint after, bool withOwners, CancellationToken cancellationToken)
    {
        var owners = withOwners ? $"{LargeObjectLoading.OwnerStatement}, privileges, " : "";
        return _session.QueryAsync(
            Text(
                $"""
                SELECT s.oid::int8, s.sql
                FROM (SELECT oid, pg_catalog.concat_ws(E'\n', {owners}comments) AS sql FROM {LargeObjectLoading.MetadataTable} WHERE oid > {after}::oid) s
                WHERE s.sql <> '' ORDER BY s.oid LIMIT {ObjectsPerBatch}
                """),
            row => new LargeObjectStatements((uint)row.GetInt64(0), row.GetString(1)),
            [],
            cancellationToken);
    }

    private static async Task CopyAsync(
        TargetSession session, ArchiveReader archive, TableRecord record, byte[] buffer, Action<int> loaded, CancellationToken cancellationToken)
    {
        var writer = await session.OpenCopyAsync(
            LargeObjectLoading.MetadataTableName, record.Columns, archive.Manifest.Database!.Encoding, isEmptied: false, cancellationToken)
            .ConfigureAwait(false);
        await using var disposal = writer.ConfigureAwait(false);
        await foreach (var page in archive.ReadIndexAsync(record.Path, cancellationToken).ConfigureAwait(false))
        {
            var stream = await archive.OpenEntryAsync(page, cancellationToken).ConfigureAwait(false);
            await using var streamDisposal = stream.ConfigureAwait(false);
            while (await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var count and > 0)
            {
                await writer.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                loaded(count);
            }
        }

        var rows = await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
        if (rows != record.Rows)
        {
            throw new ArchiveFormatException($"The pages of {LargeObjectRelations.Metadata} hold {rows} rows, the manifest says {record.Rows}.")
            {
                Subject = LargeObjectRelations.Metadata.ToString(),
                Hint = "Verify the backup and restore from another one.",
            };
        }
    }

    private async Task RunAsync(string call, string condition, CancellationToken cancellationToken)
    {
        for (long? after = 0; after is not null;)
        {
            // Cast to oid, so that the index is used. No object has the oid 0.
            var bound = Text($"l.oid > {after}::oid");
            var last = await _session.QueryAsync(
                Text(
                    $"""
                    SELECT max(b.oid::int8), pg_catalog.count({call})
                    FROM (SELECT DISTINCT l.oid FROM {LargeObjectLoading.MetadataTable} l WHERE {bound} {condition}
                          ORDER BY l.oid LIMIT {ObjectsPerBatch}) b
                    """),
                row => row.IsDBNull(0) ? (long?)null : row.GetInt64(0),
                [],
                cancellationToken).ConfigureAwait(false);
            after = last[0];
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
