using Npgsql;

namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads aggregates: plain, ordered-set and hypothetical-set ones, with their moving and parallel forms.</summary>
internal sealed class AggregatesReader : ObjectKindReader
{
    // Those that came with the server are here for their privileges only, where they were changed.
    private const string Query =
        """
        SELECT p.oid, p.pronamespace, p.proname, p.proowner, pg_catalog.pg_get_function_identity_arguments(p.oid),
            pg_catalog.pg_get_function_arguments(p.oid),
            ARRAY(SELECT pg_catalog.format_type(t.type, NULL)
                FROM pg_catalog.unnest(p.proargtypes::oid[]) WITH ORDINALITY t(type, position) ORDER BY t.position),
            p.proacl::text[], pg_catalog.acldefault('f', p.proowner)::text[],
            a.aggtransfn::text, pg_catalog.format_type(a.aggtranstype, NULL), a.aggtransspace, a.agginitval,
            CASE WHEN a.aggfinalfn <> 0 THEN a.aggfinalfn::text END, a.aggfinalextra, a.aggfinalmodify,
            CASE WHEN a.aggmtransfn <> 0 THEN a.aggmtransfn::text END, pg_catalog.format_type(a.aggmtranstype, NULL),
            a.aggmtransspace, a.aggminitval,
            CASE WHEN a.aggmfinalfn <> 0 THEN a.aggmfinalfn::text END, a.aggmfinalextra, a.aggmfinalmodify,
            CASE WHEN a.aggminvtransfn <> 0 THEN a.aggminvtransfn::text END,
            CASE WHEN a.aggcombinefn <> 0 THEN a.aggcombinefn::text END,
            CASE WHEN a.aggserialfn <> 0 THEN a.aggserialfn::text END,
            CASE WHEN a.aggdeserialfn <> 0 THEN a.aggdeserialfn::text END,
            (SELECT 'OPERATOR(' || pg_catalog.quote_ident(n.nspname) || '.' || o.oprname || ')'
                FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace WHERE o.oid = a.aggsortop),
            a.aggkind, p.proparallel
        FROM pg_catalog.pg_aggregate a
        JOIN pg_catalog.pg_proc p ON p.oid = a.aggfnoid
        LEFT JOIN pg_catalog.pg_init_privs i ON i.classoid = 1255 AND i.objoid = p.oid AND i.objsubid = 0
        WHERE p.oid >= 16384 OR p.proacl IS DISTINCT FROM i.initprivs
        """;

    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var aggregates = await context.QueryAsync(Query, row => ToObject(context, row), cancellationToken).ConfigureAwait(false);
        foreach (var aggregate in aggregates)
        {
            catalog.Add(aggregate);
        }
    }

    private static SchemaObject ToObject(ReadContext context, NpgsqlDataReader row)
    {
        var schema = context.SchemaName(row.Oid(1));
        var name = row.GetString(2);
        var owner = context.RoleName(row.Oid(3));
        var sql = new QualifiedName(schema, name).ToSql();
        var signature = $"{sql}({StarIfEmpty(row.GetString(4))})";
        var types = string.Join(", ", row.Texts(6) ?? []);
        var isOwn = row.Oid(0) >= SystemCatalog.FirstNormalObjectId;
        var create = !isOwn ? "" : $"CREATE AGGREGATE {sql}({StarIfEmpty(row.GetString(5))}) (\n    {string.Join(",\n    ", Properties(row))}\n);\n";
        return new SchemaObject
        {
            Address = new ObjectAddress(SystemCatalog.Procedure, row.Oid(0)),
            Kind = ObjectKinds.Aggregate,
            Schema = schema,
            Name = $"{name}({StarIfEmpty(types)})",
            Create = () => create,
            Drop = isOwn ? $"DROP AGGREGATE IF EXISTS {signature};\n" : null,
            Identity = isOwn ? $"AGGREGATE {signature}" : null,
            Owner = isOwn ? owner : null,

            // ALTER AGGREGATE … DEPENDS ON EXTENSION is no statement.
            DependsIdentity = isOwn ? $"FUNCTION {sql}({types})" : null,
            Acls =
            [
                // GRANT knows no aggregates: it names them as functions, by all their types in one list.
                new ObjectAcl
                {
                    Type = AclObjectType.Routine,
                    Target = $"FUNCTION {sql}({types})",
                    Owner = owner,
                    Items = row.Texts(7),
                    Default = row.Texts(8) ?? [],
                },
            ],
        };
    }

    private static IEnumerable<string> Properties(NpgsqlDataReader row)
    {
        // What CREATE AGGREGATE assumes for the final functions: ordered-set and hypothetical ones may change their state.
        var kind = row.Char(28);
        var modify = kind == 'n' ? 'r' : 'w';
        List<string?> properties =
        [
            $"SFUNC = {row.GetString(9)}",
            $"STYPE = {row.GetString(10)}",
            Size("SSPACE", row.GetInt32(11)),
            Value("INITCOND", row.Text(12) is { } initial ? SqlText.Literal(initial) : null),
            Value("FINALFUNC", row.Text(13)),
            row.GetBoolean(14) ? "FINALFUNC_EXTRA" : null,
            Modify("FINALFUNC_MODIFY", row.Char(15), modify),
            Value("COMBINEFUNC", row.Text(24)),
            Value("SERIALFUNC", row.Text(25)),
            Value("DESERIALFUNC", row.Text(26)),
        ];
        if (row.Text(16) is { } moving)
        {
            properties.AddRange(
            [
                $"MSFUNC = {moving}",
                Value("MINVFUNC", row.Text(23)),
                $"MSTYPE = {row.GetString(17)}",
                Size("MSSPACE", row.GetInt32(18)),
                Value("MINITCOND", row.Text(19) is { } movingInitial ? SqlText.Literal(movingInitial) : null),
                Value("MFINALFUNC", row.Text(20)),
                row.GetBoolean(21) ? "MFINALFUNC_EXTRA" : null,
                Modify("MFINALFUNC_MODIFY", row.Char(22), modify),
            ]);
        }

        properties.Add(Value("SORTOP", row.Text(27)));
        properties.Add(Value("PARALLEL", row.Char(29) switch { 's' => "SAFE", 'r' => "RESTRICTED", _ => null }));
        properties.Add(kind == 'h' ? "HYPOTHETICAL" : null);
        return properties.OfType<string>();
    }

    private static string StarIfEmpty(string arguments) => arguments.Length == 0 ? "*" : arguments;

    private static string? Value(string word, string? value) => value is null ? null : $"{word} = {value}";

    private static string? Size(string word, int bytes) => bytes == 0 ? null : FormattableString.Invariant($"{word} = {bytes}");

    private static string? Modify(string word, char value, char assumed) => value == assumed
        ? null
        : $"{word} = {value switch { 'r' => "READ_ONLY", 's' => "SHAREABLE", _ => "READ_WRITE" }}";
}
