using Backup.Core.Errors;
using Npgsql;

namespace Backup.Core.Postgres;

/// <summary>A relation as the catalog lists it, before it is locked.</summary>
/// <param name="Oid">Its oid.</param>
/// <param name="Name">Its true name.</param>
/// <param name="Kind">Its <c>relkind</c>.</param>
/// <param name="IsUnlogged">Whether its rows are kept out of the write-ahead log.</param>
/// <param name="IsExtensionMember">Whether an extension made it, so that CREATE EXTENSION makes it again.</param>
/// <param name="Condition">The clauses that follow FROM when an extension declares its rows as configuration; empty for all rows; <see langword="null"/> when it does not.</param>
/// <param name="CanSelect">Whether the role may read it.</param>
/// <param name="HasRowSecurity">Whether policies would hide rows from the role.</param>
internal sealed record ListedRelation(
    uint Oid, QualifiedName Name, char Kind, bool IsUnlogged, bool IsExtensionMember, string? Condition, bool CanSelect, bool HasRowSecurity)
{
    /// <summary>The true name of its owner.</summary>
    public string Owner { get; init; } = "";

    /// <summary>Whether it has rows of its own that belong in a backup: an ordinary table or a leaf partition.</summary>
    /// <remarks>
    /// Views have none, materialized views are refreshed, partitioned tables keep theirs in their partitions, and the rows
    /// of foreign tables belong to another server.
    /// </remarks>
    public bool HasData => Kind == 'r' && (!IsExtensionMember || Condition is not null);

    /// <summary>Whether it must be locked though it has no rows: a change to it would change its partitions.</summary>
    public bool IsPartitionedTable => Kind == 'p';
}

/// <summary>The relations of a database outside PostgreSQL's own schemas, read in bulk.</summary>
internal static class RelationListing
{
    // Privileges are looked up by oid: of a table that has just been dropped the answer is null, and its lock will tell.
    private const string Query =
        """
        SELECT c.oid, n.nspname::text, c.relname::text, c.relkind, c.relpersistence = 'u',
               EXISTS (SELECT FROM pg_catalog.pg_depend d
                       WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.objsubid = 0
                         AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.deptype = 'e'),
               config.condition,
               coalesce(pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_table_privilege(c.oid, 'SELECT'), true),
               CASE WHEN c.relrowsecurity THEN pg_catalog.row_security_active(c.oid) ELSE false END,
               pg_catalog.pg_get_userbyid(c.relowner)::text
        FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN (SELECT item.oid, min(item.condition) AS condition
                   FROM pg_catalog.pg_extension e, unnest(e.extconfig, e.extcondition) AS item(oid, condition)
                   GROUP BY item.oid) config ON config.oid = c.oid
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.relpersistence <> 't'
          AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        ORDER BY c.oid
        """;

    private const string SchemasQuery =
        "SELECT nspname::text FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'";

    /// <summary>Lists all relations and those of them that are selected, in the order of their oids.</summary>
    /// <exception cref="DatabaseException">A pattern of the selection matches nothing.</exception>
    public static async Task<(IReadOnlyList<ListedRelation> All, IReadOnlyList<ListedRelation> Selected)> ReadAsync(
        CatalogLink connection, TableSelection selection, CancellationToken cancellationToken)
    {
        var relations = await Sql.QueryAsync(connection, Query, ReadRow, cancellationToken).ConfigureAwait(false);
        var schemas = await Sql.QueryAsync(connection, SchemasQuery, row => row.GetString(0), cancellationToken).ConfigureAwait(false);

        if (selection.UnmatchedIncludes(schemas, relations.ConvertAll(r => r.Name)).FirstOrDefault() is { } pattern)
        {
            throw new DatabaseException($"The pattern '{pattern}' matches nothing in database {connection.Database}.")
            {
                Subject = pattern,
                Category = ErrorCategory.NotFound,
                Hint = "Patterns are compared with names as PostgreSQL stores them, upper and lower case included; tables are written schema.table.",
            };
        }

        return (relations, relations.FindAll(r => selection.Includes(r)));
    }

    private static ListedRelation ReadRow(NpgsqlDataReader reader) => new(
        reader.GetFieldValue<uint>(0),
        new QualifiedName(reader.GetString(1), reader.GetString(2)),
        reader.GetFieldValue<char>(3),
        reader.GetBoolean(4),
        reader.GetBoolean(5),
        reader.IsDBNull(6) ? null : reader.GetString(6),
        reader.GetBoolean(7),
        reader.GetBoolean(8)) { Owner = reader.GetString(9) };
}
