using System.Globalization;
using Backup.Core.Errors;
using Npgsql;

namespace Backup.Core.Postgres.LargeObjects;

/// <summary>Finds the large objects of a snapshot and decides how they are read.</summary>
/// <remarks>
/// A role that may read <c>pg_largeobject</c>, as superusers and members of <c>pg_read_all_data</c> may, reads it by ranges of <c>ctid</c> like
/// any table. Any other role reads the objects one by one, which it must be allowed to for all of them.
/// </remarks>
internal static class LargeObjectDiscovery
{
    private const string StateQuery =
        """
        SELECT EXISTS (SELECT FROM pg_catalog.pg_largeobject_metadata), current_user::text,
               pg_catalog.has_table_privilege('pg_catalog.pg_largeobject', 'SELECT'),
               pg_catalog.current_setting('lo_compat_privileges')::bool, pg_catalog.current_setting('block_size')::int8 / 4
        """;

    // The owner's own right is an item like any other once there are items at all.
    private const string UnreadableQuery =
        """
        SELECT pg_catalog.count(*), coalesce(min(m.oid::int8), 0)
        FROM pg_catalog.pg_largeobject_metadata m
        WHERE NOT CASE WHEN m.lomacl IS NULL THEN pg_catalog.pg_has_role(m.lomowner, 'USAGE') ELSE EXISTS (
            SELECT FROM pg_catalog.aclexplode(m.lomacl) a
            WHERE a.privilege_type = 'SELECT' AND (a.grantee = 0 OR pg_catalog.pg_has_role(a.grantee, 'USAGE'))) END
        """;

    // Place and transaction of each row stand for what is in it, as for the catalogs of a schema.
    private const string MetadataHashQuery =
        """
        SELECT pg_catalog.concat_ws(' ', pg_catalog.count(*),
            pg_catalog.bit_xor(pg_catalog.hashtidextended(m.ctid, pg_catalog.hashtextextended(m.xmin::text, 0))))
        FROM pg_catalog.pg_largeobject_metadata m
        """;

    /// <summary>Finds them, and locks what is read.</summary>
    /// <param name="connection">The coordinator's connection, in the transaction that shows the snapshot.</param>
    /// <param name="selection">What is chosen.</param>
    /// <param name="options">How tables are read.</param>
    /// <param name="cancellationToken">Cancels the queries.</param>
    public static async Task<FoundLargeObjects> FindAsync(
        CatalogLink connection, TableSelection selection, SnapshotOptions options, CancellationToken cancellationToken)
    {
        if (!selection.IncludesLargeObjects
            || await Sql.SingleAsync(connection, StateQuery, ReadState, cancellationToken).ConfigureAwait(false) is not { Exist: true } state)
        {
            return FoundLargeObjects.None;
        }

        if (await FindFaultAsync(connection, state, cancellationToken).ConfigureAwait(false) is { } fault)
        {
            return new FoundLargeObjects([], fault);
        }

        QualifiedName[] toLock = state.CanReadCatalog
            ? [LargeObjectRelations.Metadata, LargeObjectRelations.Contents]
            : [LargeObjectRelations.Metadata];
        await TableLocks.TakeAsync(connection, toLock, options.LockTimeout, cancellationToken).ConfigureAwait(false);
        return new FoundLargeObjects(await DescribeAsync(connection, options, state, cancellationToken).ConfigureAwait(false), null);
    }

    /// <summary>Says why large objects cannot be read, if there are any. Locks nothing.</summary>
    /// <param name="connection">A connection.</param>
    /// <param name="selection">What is chosen.</param>
    /// <param name="cancellationToken">Cancels the queries.</param>
    /// <returns><see langword="null"/> where they can be read, or are not to be.</returns>
    public static async Task<UnreadableTable?> FindFaultAsync(
        CatalogLink connection, TableSelection selection, CancellationToken cancellationToken)
    {
        if (!selection.IncludesLargeObjects)
        {
            return null;
        }

        var state = await Sql.SingleAsync(connection, StateQuery, ReadState, cancellationToken).ConfigureAwait(false);
        return state.Exist ? await FindFaultAsync(connection, state, cancellationToken).ConfigureAwait(false) : null;
    }

    private static async Task<IReadOnlyList<TableInfo>> DescribeAsync(
        CatalogLink connection, SnapshotOptions options, State state, CancellationToken cancellationToken)
    {
        var described = await TableDiscovery.DescribeAsync(
            connection,
            [ListedAs(LargeObjectRelations.MetadataOid, LargeObjectRelations.Metadata), ListedAs(LargeObjectRelations.ContentsOid, LargeObjectRelations.Contents)],
            options.ReadsFingerprints,
            cancellationToken).ConfigureAwait(false);
        var hash = options.ReadsFingerprints
            ? " " + await Sql.SingleAsync(connection, MetadataHashQuery, row => row.GetString(0), cancellationToken).ConfigureAwait(false)
            : "";
        var metadata = described.Single(table => table.Oid == LargeObjectRelations.MetadataOid) with
        {
            Columns = LargeObjectRelations.MetadataColumns,
            Query = LargeObjectQueries.Metadata,
        };
        var contents = described.Single(table => table.Oid == LargeObjectRelations.ContentsOid) with
        {
            Columns = LargeObjectRelations.ContentsColumns,
            Query = state.CanReadCatalog ? LargeObjectQueries.OfCatalog(state.PageBytes) : null,
        };
        if (!state.CanReadCatalog)
        {
            contents = await CutAsync(connection, contents, options.Pages.TargetBytes, cancellationToken).ConfigureAwait(false);
        }

        return [contents with { LargeObjectsFingerprint = hash }, metadata with { LargeObjectsFingerprint = hash }];
    }

    private static State ReadState(NpgsqlDataReader row) =>
        new(row.GetBoolean(0), row.GetString(1), row.GetBoolean(2), row.GetBoolean(3), row.GetInt64(4));

    private static ListedRelation ListedAs(uint oid, QualifiedName name) => new(
        oid, name, 'r', IsUnlogged: false, IsExtensionMember: false, Condition: null, CanSelect: true, HasRowSecurity: false);

    private static async Task<TableInfo> CutAsync(
        CatalogLink connection, TableInfo contents, long targetBytes, CancellationToken cancellationToken)
    {
        var cutter = new LargeObjectCutter(targetBytes);
        await Sql.ReadAsync(
            connection.Unlimited,
            LargeObjectQueries.Sizes,
            row => cutter.Add(row.GetFieldValue<uint>(0), row.GetInt64(1)),
            cancellationToken).ConfigureAwait(false);
        return contents with
        {
            LockName = LargeObjectRelations.Metadata,
            LargeObjectCuts = cutter.Cuts,
            HeapBlocks = cutter.Cuts.Count,
            TotalBytes = cutter.TotalBytes,
            SupportsCtidRanges = false,
        };
    }

    private static async Task<UnreadableTable?> FindFaultAsync(CatalogLink connection, State state, CancellationToken cancellationToken)
    {
        if (state.CanReadCatalog || state.AllMayRead)
        {
            return null;
        }

        var (count, first) = await Sql.SingleAsync(
            connection, UnreadableQuery, row => (row.GetInt64(0), row.GetInt64(1)), cancellationToken).ConfigureAwait(false);
        if (count == 0)
        {
            return null;
        }

        var more = count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" and {count - 1} more");
        var fault = new DatabaseException(string.Create(CultureInfo.InvariantCulture, $"The role {state.Role} may not read large object {first}{more}."))
        {
            Subject = string.Create(CultureInfo.InvariantCulture, $"large object {first}"),
            SqlState = "42501",
            Hint = "GRANT SELECT ON LARGE OBJECT … to the role, make it a member of pg_read_all_data, "
                + $"or leave large objects out (exclude the table {LargeObjectRelations.Contents}).",
        };
        return new UnreadableTable(LargeObjectRelations.Contents, fault);
    }

    private sealed record State(bool Exist, string Role, bool CanReadCatalog, bool AllMayRead, long PageBytes);
}
