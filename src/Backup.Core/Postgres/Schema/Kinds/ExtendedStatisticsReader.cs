namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads extended statistics; those of other sessions' temporary tables may lie in any schema.</summary>
internal sealed class ExtendedStatisticsReader : ObjectKindReader
{
    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var statistics = await context.QueryAsync(
            $"""
            SELECT s.oid, s.stxnamespace, s.stxname, s.stxowner, s.stxrelid, pg_catalog.pg_get_statisticsobjdef(s.oid),
                coalesce(s.stxstattarget::int4, -1)
            FROM pg_catalog.pg_statistic_ext s
            JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace
            JOIN pg_catalog.pg_class c ON c.oid = s.stxrelid AND c.relpersistence <> 't'
            WHERE {ReadContext.UserSchema} ORDER BY n.nspname, s.stxname
            """,
            row => (Oid: row.Oid(0), Name: new QualifiedName(context.SchemaName(row.Oid(1)), row.GetString(2)),
                Owner: context.RoleName(row.Oid(3)), Relation: row.Oid(4), Definition: row.GetString(5), Target: row.GetInt32(6)),
            cancellationToken).ConfigureAwait(false);
        foreach (var (oid, name, owner, relation, definition, target) in statistics)
        {
            var qualified = name.ToSql();
            var setting = target < 0 ? "" : $"ALTER STATISTICS {qualified} SET STATISTICS {target};\n";
            var address = new ObjectAddress(SystemCatalog.Relation, relation);
            var table = catalog.Find(address);
            catalog.Add(new SchemaObject
            {
                Address = new ObjectAddress(SystemCatalog.ExtendedStatistics, oid),
                Kind = ObjectKinds.ExtendedStatistics,
                Schema = name.Schema,
                Name = name.Name,
                Table = table?.Schema == name.Schema ? table.Name : null,
                BelongsTo = address,
                Create = () => $"{definition};\n{setting}",
                Drop = $"DROP STATISTICS IF EXISTS {qualified};\n",
                Identity = $"STATISTICS {qualified}",
                Owner = owner,
            });
        }
    }
}
