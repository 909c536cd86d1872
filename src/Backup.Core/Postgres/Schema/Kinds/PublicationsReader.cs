namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads publications with their tables and schemas.</summary>
internal sealed class PublicationsReader : ObjectKindReader
{
    private static readonly string[] Actions = ["insert", "update", "delete", "truncate"];

    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var names = await ReadPublicationsAsync(context, catalog, cancellationToken).ConfigureAwait(false);
        await ReadTablesAsync(context, catalog, names, cancellationToken).ConfigureAwait(false);
        if (context.Major >= 15)
        {
            await ReadSchemasAsync(context, catalog, names, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<Dictionary<uint, string>> ReadPublicationsAsync(
        ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var generated = context.Major >= 18 ? "pubgencols" : "'n'::\"char\"";
        var publications = await context.QueryAsync(
            $"""
            SELECT oid, pubname, pubowner, puballtables, pubviaroot, pubinsert, pubupdate, pubdelete, pubtruncate, {generated}
            FROM pg_catalog.pg_publication
            WHERE oid >= 16384
            """,
            row => new Publication(
                row.Oid(0),
                row.GetString(1),
                context.RoleName(row.Oid(2)),
                row.GetBoolean(3),
                row.GetBoolean(4),
                string.Join(", ", Actions.Where((_, index) => row.GetBoolean(5 + index))),
                row.Char(9) == 's'),
            cancellationToken).ConfigureAwait(false);
        foreach (var publication in publications)
        {
            var name = SqlText.Identifier(publication.Name);
            catalog.Add(new SchemaObject
            {
                Address = new ObjectAddress(SystemCatalog.Publication, publication.Oid),
                Kind = ObjectKinds.Publication,
                Name = publication.Name,
                Create = () => Create(publication, name),
                Drop = $"DROP PUBLICATION IF EXISTS {name};\n",
                Identity = $"PUBLICATION {name}",
                Owner = publication.Owner,
                Requires = () => publication.IsWithGenerated ? [VersionRequirement.From(18, "publish_generated_columns")] : [],
            });
        }

        return publications.ToDictionary(publication => publication.Oid, publication => publication.Name);
    }

    private static string Create(Publication publication, string name)
    {
        var tables = publication.IsForAllTables ? " FOR ALL TABLES" : "";
        var root = publication.IsViaRoot ? ", publish_via_partition_root = true" : "";
        var generated = publication.IsWithGenerated ? ", publish_generated_columns = stored" : "";
        return $"CREATE PUBLICATION {name}{tables} WITH (publish = '{publication.Actions}'{root}{generated});\n";
    }

    private static async Task ReadTablesAsync(
        ReadContext context, SchemaCatalog catalog, Dictionary<uint, string> publications, CancellationToken cancellationToken)
    {
        // Column lists and row filters came with version 15.
        var details = context.Major >= 15
            ? """
              CASE WHEN p.prattrs IS NOT NULL THEN ARRAY(
                  SELECT a.attname::text FROM pg_catalog.unnest(p.prattrs::int2[]) WITH ORDINALITY k(number, position)
                  JOIN pg_catalog.pg_attribute a ON a.attrelid = p.prrelid AND a.attnum = k.number ORDER BY k.position) END,
              pg_catalog.pg_get_expr(p.prqual, p.prrelid)
              """
            : "NULL::text[], NULL::text";
        var members = await context.QueryAsync(
            $"""
            SELECT p.oid, p.prpubid, p.prrelid, c.relnamespace, c.relname, {details}
            FROM pg_catalog.pg_publication_rel p
            JOIN pg_catalog.pg_class c ON c.oid = p.prrelid
            WHERE p.oid >= 16384
            """,
            row => (
                Oid: row.Oid(0),
                Publication: row.Oid(1),
                Relation: row.Oid(2),
                Table: new QualifiedName(context.SchemaName(row.Oid(3)), row.GetString(4)),
                Columns: row.Texts(5),
                Filter: row.Text(6)),
            cancellationToken).ConfigureAwait(false);
        foreach (var member in members)
        {
            var publication = publications[member.Publication];
            var name = SqlText.Identifier(publication);
            var table = member.Table.ToSql();
            var columns = member.Columns is null ? "" : $" ({string.Join(", ", member.Columns.Select(SqlText.Identifier))})";
            var filter = member.Filter is null ? "" : $" WHERE ({member.Filter})";
            catalog.Add(new SchemaObject
            {
                Address = new ObjectAddress(SystemCatalog.PublicationRelation, member.Oid),
                Kind = ObjectKinds.PublicationTable,
                Schema = member.Table.Schema,
                Name = $"{publication} {member.Table.Name}",
                Table = member.Table.Name,
                BelongsTo = new ObjectAddress(SystemCatalog.Relation, member.Relation),
                Create = () => $"ALTER PUBLICATION {name} ADD TABLE ONLY {table}{columns}{filter};\n",
                Requires = () => [.. RequirementsOf(member.Columns, member.Filter, catalog.Columns.Of(member.Relation))],
            });
        }
    }

    private static IEnumerable<VersionRequirement> RequirementsOf(
        IReadOnlyList<string>? chosen, string? filter, IEnumerable<ColumnDefinition> columns)
    {
        if (chosen is not null)
        {
            yield return VersionRequirement.From(15, "a publication's list of columns");
            if (columns.Any(column => column.Generated != '\0' && chosen.Contains(column.Name, StringComparer.Ordinal)))
            {
                yield return VersionRequirement.From(18, "a generated column in a publication");
            }
        }

        if (filter is not null)
        {
            yield return VersionRequirement.From(15, "a publication's row filter");
        }
    }

    private static async Task ReadSchemasAsync(
        ReadContext context, SchemaCatalog catalog, Dictionary<uint, string> publications, CancellationToken cancellationToken)
    {
        var members = await context.QueryAsync(
            "SELECT oid, pnpubid, pnnspid FROM pg_catalog.pg_publication_namespace WHERE oid >= 16384",
            row => (Oid: row.Oid(0), Publication: row.Oid(1), Schema: row.Oid(2)),
            cancellationToken).ConfigureAwait(false);
        foreach (var member in members)
        {
            var publication = publications[member.Publication];
            var schema = context.SchemaName(member.Schema);
            catalog.Add(new SchemaObject
            {
                Address = new ObjectAddress(SystemCatalog.PublicationNamespace, member.Oid),
                Kind = ObjectKinds.PublicationSchema,
                Schema = schema,
                Name = $"{publication} {schema}",
                Create = () =>
                    $"ALTER PUBLICATION {SqlText.Identifier(publication)} ADD TABLES IN SCHEMA {SqlText.Identifier(schema)};\n",
                Requires = () => [VersionRequirement.From(15, "a publication of a schema's tables")],
            });
        }
    }

    private sealed record Publication(
        uint Oid, string Name, string Owner, bool IsForAllTables, bool IsViaRoot, string Actions, bool IsWithGenerated);
}
