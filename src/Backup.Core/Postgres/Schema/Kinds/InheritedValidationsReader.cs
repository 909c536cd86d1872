namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>
/// Reads constraints that hold for all rows of a table and not for those of the table it inherits them from: they come back
/// unchecked with that table's, and are validated then.
/// </summary>
internal sealed class InheritedValidationsReader : ObjectKindReader
{
    // A partition brings its checks and NOT NULL constraints along as they are.
    private const string Query =
        $"""
        SELECT con.oid, con.conname, con.conrelid, c.relnamespace, c.relname, array_agg(p.oid)
        FROM pg_catalog.pg_constraint p
        JOIN pg_catalog.pg_inherits i ON i.inhparent = p.conrelid
        JOIN pg_catalog.pg_constraint con ON con.conrelid = i.inhrelid AND con.contype = p.contype
        JOIN pg_catalog.pg_class c ON c.oid = con.conrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE NOT p.convalidated AND con.convalidated AND NOT con.conislocal AND {ReadContext.UserSchema}
            AND CASE WHEN p.contype = 'f' THEN con.conparentid = p.oid ELSE NOT c.relispartition AND con.conname = p.conname END
        GROUP BY con.oid, con.conname, con.conrelid, c.relnamespace, c.relname
        """;

    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var constraints = await context.QueryAsync(
            Query,
            row => new Inherited(
                row.Oid(0),
                row.GetString(1),
                row.Oid(2),
                new QualifiedName(context.SchemaName(row.Oid(3)), row.GetString(4)),
                row.GetFieldValue<uint[]>(5)),
            cancellationToken).ConfigureAwait(false);
        foreach (var constraint in constraints)
        {
            catalog.Add(ToObject(constraint));
        }
    }

    private static SchemaObject ToObject(Inherited constraint) => new()
    {
        Address = ObjectAddress.Of(DerivedStep.Validation, constraint.Oid),
        Kind = ObjectKinds.Validation,
        Schema = constraint.Table.Schema,
        Name = constraint.Name,
        Table = constraint.Table.Name,
        BelongsTo = new ObjectAddress(SystemCatalog.Relation, constraint.Relation),
        DependsOn = [.. constraint.Origins.Select(origin => new ObjectAddress(SystemCatalog.Constraint, origin))],
        Create = () => $"ALTER TABLE {constraint.Table.ToSql()} VALIDATE CONSTRAINT {SqlText.Identifier(constraint.Name)};\n",
    };

    private sealed record Inherited(uint Oid, string Name, uint Relation, QualifiedName Table, uint[] Origins);
}
