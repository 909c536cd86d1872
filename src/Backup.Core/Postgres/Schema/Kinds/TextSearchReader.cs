namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads text search parsers, templates, dictionaries and configurations.</summary>
internal sealed class TextSearchReader : ObjectKindReader
{
    private const string ParserQuery =
        $"""
        SELECT p.oid, p.prsnamespace, p.prsname, p.prsstart::text, p.prstoken::text, p.prsend::text, p.prslextype::text,
            CASE WHEN p.prsheadline <> 0 THEN p.prsheadline::text END
        FROM pg_catalog.pg_ts_parser p
        JOIN pg_catalog.pg_namespace n ON n.oid = p.prsnamespace
        WHERE {ReadContext.UserSchema}
        """;

    private const string TemplateQuery =
        $"""
        SELECT t.oid, t.tmplnamespace, t.tmplname, t.tmpllexize::text, CASE WHEN t.tmplinit <> 0 THEN t.tmplinit::text END
        FROM pg_catalog.pg_ts_template t
        JOIN pg_catalog.pg_namespace n ON n.oid = t.tmplnamespace
        WHERE {ReadContext.UserSchema}
        """;

    private const string DictionaryQuery =
        $"""
        SELECT d.oid, d.dictnamespace, d.dictname, d.dictowner, t.tmplnamespace, t.tmplname, d.dictinitoption
        FROM pg_catalog.pg_ts_dict d
        JOIN pg_catalog.pg_namespace n ON n.oid = d.dictnamespace
        JOIN pg_catalog.pg_ts_template t ON t.oid = d.dicttemplate
        WHERE {ReadContext.UserSchema}
        """;

    private const string ConfigurationQuery =
        $"""
        SELECT c.oid, c.cfgnamespace, c.cfgname, c.cfgowner, p.prsnamespace, p.prsname,
            ARRAY(
                SELECT pg_catalog.quote_ident(t.alias) || ' WITH ' || pg_catalog.string_agg(m.mapdict::regdictionary::text, ', ' ORDER BY m.mapseqno)
                FROM pg_catalog.pg_ts_config_map m
                JOIN LATERAL pg_catalog.ts_token_type(c.cfgparser) t ON t.tokid = m.maptokentype
                WHERE m.mapcfg = c.oid
                GROUP BY m.maptokentype, t.alias ORDER BY m.maptokentype)
        FROM pg_catalog.pg_ts_config c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.cfgnamespace
        JOIN pg_catalog.pg_ts_parser p ON p.oid = c.cfgparser
        WHERE {ReadContext.UserSchema}
        """;

    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        await AddAsync(ParserQuery, row =>
        {
            var headline = row.Text(7) is { } function ? $",\n    HEADLINE = {function}" : "";
            return new TextSearchObject(
                new ObjectAddress(SystemCatalog.TextSearchParser, row.Oid(0)),
                ObjectKinds.TextSearchParser,
                new QualifiedName(context.SchemaName(row.Oid(1)), row.GetString(2)),
                null,
                $"START = {row.GetString(3)},\n    GETTOKEN = {row.GetString(4)},\n    END = {row.GetString(5)},\n    "
                    + $"LEXTYPES = {row.GetString(6)}{headline}");
        }).ConfigureAwait(false);
        await AddAsync(TemplateQuery, row => new TextSearchObject(
            new ObjectAddress(SystemCatalog.TextSearchTemplate, row.Oid(0)),
            ObjectKinds.TextSearchTemplate,
            new QualifiedName(context.SchemaName(row.Oid(1)), row.GetString(2)),
            null,
            row.Text(4) is { } start ? $"INIT = {start},\n    LEXIZE = {row.GetString(3)}" : $"LEXIZE = {row.GetString(3)}"))
            .ConfigureAwait(false);
        await AddAsync(DictionaryQuery, row => new TextSearchObject(
            new ObjectAddress(SystemCatalog.TextSearchDictionary, row.Oid(0)),
            ObjectKinds.TextSearchDictionary,
            new QualifiedName(context.SchemaName(row.Oid(1)), row.GetString(2)),
            context.RoleName(row.Oid(3)),
            $"TEMPLATE = {context.Qualified(row.Oid(4), row.GetString(5))}"
                + (row.Text(6) is { Length: > 0 } options ? $",\n    {options}" : "")))
            .ConfigureAwait(false);
        await AddAsync(ConfigurationQuery, row => new TextSearchObject(
            new ObjectAddress(SystemCatalog.TextSearchConfiguration, row.Oid(0)),
            ObjectKinds.TextSearchConfiguration,
            new QualifiedName(context.SchemaName(row.Oid(1)), row.GetString(2)),
            context.RoleName(row.Oid(3)),
            $"PARSER = {context.Qualified(row.Oid(4), row.GetString(5))}")
        {
            Mappings = row.Texts(6) ?? [],
        }).ConfigureAwait(false);

        async Task AddAsync(string query, Func<Npgsql.NpgsqlDataReader, TextSearchObject> map)
        {
            foreach (var item in await context.QueryAsync(query, map, cancellationToken).ConfigureAwait(false))
            {
                catalog.Add(ToObject(item));
            }
        }
    }

    private static SchemaObject ToObject(TextSearchObject item)
    {
        var identity = $"{item.Kind.Name} {item.Name.ToSql()}";
        var mappings = string.Concat(item.Mappings.Select(mapping => $"ALTER {identity} ADD MAPPING FOR {mapping};\n"));
        return new SchemaObject
        {
            Address = item.Address,
            Kind = item.Kind,
            Schema = item.Name.Schema,
            Name = item.Name.Name,
            Create = () => $"CREATE {identity} (\n    {item.Properties}\n);\n{mappings}",
            Drop = $"DROP {item.Kind.Name} IF EXISTS {item.Name.ToSql()};\n",
            Identity = identity,
            Owner = item.Owner,
        };
    }

    private sealed record TextSearchObject(
        ObjectAddress Address, ObjectKind Kind, QualifiedName Name, string? Owner, string Properties)
    {
        public IReadOnlyList<string> Mappings { get; init; } = [];
    }
}
