namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads functions, window functions and procedures.</summary>
/// <remarks>
/// A parsed body (BEGIN ATOMIC, RETURN) needs what it names. One that names its own function, or takes part in a cycle, is a part of its
/// own: the function is first made with an empty text for a body, which nobody looks at, and replaced when all is there. Nothing can name
/// a procedure in such a way. Of a function whose arguments have defaults only the body that names its own function is one: what the
/// defaults need must be there before, and the catalogs do not tell it from what the body needs.
/// </remarks>
internal sealed class RoutinesReader : ObjectKindReader
{
    // The role that initdb made, who owns what came with the server.
    private const uint BootstrapRole = 10;

    // Constructor functions ('i') come with their range type, members of extensions ('e') need no definition. Routines
    // that came with the server are here for their privileges only, where those were changed. Those of sessions go with them, at any moment.
    private const string Query =
        """
        SELECT p.oid, p.pronamespace, p.proname, p.proowner, p.prokind,
            CASE WHEN p.oid >= 16384 AND e.objid IS NULL THEN pg_catalog.pg_get_functiondef(p.oid) END,
            pg_catalog.pg_get_function_identity_arguments(p.oid),
            ARRAY(SELECT pg_catalog.format_type(a.type, NULL)
                FROM pg_catalog.unnest(p.proargtypes::oid[]) WITH ORDINALITY a(type, position) ORDER BY a.position),
            p.proacl::text[], pg_catalog.acldefault('f', p.proowner)::text[],
            CASE WHEN p.prosqlbody IS NOT NULL AND p.prokind <> 'p' AND (p.pronargdefaults = 0 OR self.is_named) AND p.prosupport = 0 AND e.objid IS NULL
                THEN pg_catalog.pg_get_function_sqlbody(p.oid) END,
            self.is_named, p.pronargdefaults > 0
        FROM pg_catalog.pg_proc p
        CROSS JOIN LATERAL (SELECT p.prosqlbody IS NOT NULL AND EXISTS (
            SELECT FROM pg_catalog.pg_depend d
            WHERE d.classid = 1255 AND d.objid = p.oid AND d.refclassid = 1255 AND d.refobjid = p.oid)) self(is_named)
        JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace AND n.nspname !~ '^pg_temp_'
        LEFT JOIN pg_catalog.pg_depend e ON e.classid = 1255 AND e.objid = p.oid AND e.objsubid = 0 AND e.deptype = 'e'
        LEFT JOIN pg_catalog.pg_init_privs i ON i.classoid = 1255 AND i.objoid = p.oid AND i.objsubid = 0
        WHERE p.prokind <> 'a'
            AND (p.oid >= 16384 OR p.proacl IS DISTINCT FROM i.initprivs)
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 1255 AND d.objid = p.oid AND d.deptype = 'i')
        """;

    // A type's own functions name the type before it exists.
    private const string OwnFunctionsQuery =
        """
        SELECT f.routine, t.oid
        FROM pg_catalog.pg_type t
        CROSS JOIN LATERAL (VALUES (t.typinput::oid), (t.typoutput::oid), (t.typreceive::oid), (t.typsend::oid)) f(routine)
        WHERE t.typtype = 'b' AND t.oid >= 16384 AND f.routine >= 16384
        UNION
        SELECT r.rngcanonical::oid, r.rngtypid FROM pg_catalog.pg_range r WHERE r.rngtypid >= 16384 AND r.rngcanonical <> 0
        """;

    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var types = (await context.QueryAsync(
            OwnFunctionsQuery, row => (Routine: row.Oid(0), Type: row.Oid(1)), cancellationToken).ConfigureAwait(false))
            .ToLookup(pair => pair.Routine, pair => pair.Type);
        var routines = await context.QueryAsync(
            Query,
            row => new Routine(
                row.Oid(0),
                context.SchemaName(row.Oid(1)),
                row.GetString(2),
                context.RoleName(row.Oid(3)),
                row.Oid(0) >= SystemCatalog.FirstNormalObjectId || row.Oid(3) != BootstrapRole,
                row.Char(4) == 'p',
                row.Text(5),
                row.GetString(6),
                row.Texts(7) ?? [],
                row.Texts(8),
                row.Texts(9) ?? [],
                row.Text(10),
                row.GetBoolean(11),
                row.GetBoolean(12)),
            cancellationToken).ConfigureAwait(false);
        foreach (var routine in routines)
        {
            SchemaObject? body = null;
            var item = ToObject(routine, [.. types[routine.Oid]], () => body is { IsSeparate: true } ? routine.Stub : routine.Statement);
            catalog.Add(item);
            if (routine.Body is not null)
            {
                body = BodyOf(routine, item);
                catalog.Add(body);
            }
        }
    }

    private static SchemaObject BodyOf(Routine routine, SchemaObject container)
    {
        var body = new SchemaObject
        {
            Address = ObjectAddress.Of(DerivedStep.RoutineBody, routine.Oid),
            Kind = routine.HasDefaults ? ObjectKinds.OwnBody : ObjectKinds.FunctionBody,
            Schema = routine.Schema,
            Name = container.Name,
            Container = container,
            DependsOn = [container.Address],
            Create = () => routine.Replacement,
        };
        if (routine.IsRecursive)
        {
            body.Split();
        }

        return body;
    }

    private static SchemaObject ToObject(Routine routine, uint[] types, Func<string> create)
    {
        var kind = routine.IsProcedure ? ObjectKinds.Procedure : ObjectKinds.Function;
        var signature = $"{new QualifiedName(routine.Schema, routine.Name).ToSql()}({routine.Arguments})";
        return new SchemaObject
        {
            Address = new ObjectAddress(SystemCatalog.Procedure, routine.Oid),
            Kind = kind,
            Schema = routine.Schema,
            Name = $"{routine.Name}({string.Join(", ", routine.ArgumentTypes)})",
            Create = create,
            Drop = $"DROP {kind.Name} IF EXISTS {signature};\n",
            Identity = $"{kind.Name} {signature}",
            Owner = routine.HasOwner ? routine.Owner : null,
            DependsOn = [.. types.Select(ShellType.AddressOf)],
            Ignores = [.. types.Select(type => new ObjectAddress(SystemCatalog.Type, type))],
            Acls =
            [
                new ObjectAcl
                {
                    Type = AclObjectType.Routine,
                    Target = $"{kind.Name} {signature}",
                    Owner = routine.Owner,
                    Items = routine.Acl,
                    Default = routine.DefaultAcl,
                },
            ],
        };
    }

    private sealed record Routine(
        uint Oid,
        string Schema,
        string Name,
        string Owner,
        bool HasOwner,
        bool IsProcedure,
        string? Definition,
        string Arguments,
        string[] ArgumentTypes,
        string[]? Acl,
        string[] DefaultAcl,
        string? Body,
        bool IsRecursive,
        bool HasDefaults)
    {
        private const string Replace = "CREATE OR REPLACE ";

        /// <summary>The server's own words with one change: OR REPLACE would overwrite what the target already has.</summary>
        public string Statement => Definition?.StartsWith(Replace, StringComparison.Ordinal) == true
            ? $"CREATE {Definition[Replace.Length..].TrimEnd('\n')};\n"
            : "";

        /// <summary>The statement without what its body says.</summary>
        public string Stub => Statement.Replace($"\n{Body!.TrimEnd('\n')};\n", "\nAS '';\n", StringComparison.Ordinal);

        /// <summary>The statement that gives a stub its body.</summary>
        public string Replacement => $"{Definition!.TrimEnd('\n')};\n";
    }
}
