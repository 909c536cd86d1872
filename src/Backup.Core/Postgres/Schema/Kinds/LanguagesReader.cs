namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads procedural languages; those that came with the server only for their privileges.</summary>
internal sealed class LanguagesReader : ObjectKindReader
{
    private const string Query =
        """
        SELECT l.oid, l.lanname, l.lanowner, l.lanpltrusted, CASE WHEN l.lanplcallfoid <> 0 THEN l.lanplcallfoid::regproc::text END,
            CASE WHEN l.laninline <> 0 THEN l.laninline::regproc::text END,
            CASE WHEN l.lanvalidator <> 0 THEN l.lanvalidator::regproc::text END,
            l.lanacl::text[], pg_catalog.acldefault('l', l.lanowner)::text[]
        FROM pg_catalog.pg_language l
        WHERE l.oid >= 16384 OR l.lanacl IS NOT NULL
        """;

    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var languages = await context.QueryAsync(
            Query,
            row => new Language(
                row.Oid(0),
                row.GetString(1),
                context.RoleName(row.Oid(2)),
                row.GetBoolean(3),
                row.Text(4),
                row.Text(5),
                row.Text(6),
                row.Texts(7),
                row.Texts(8) ?? []),
            cancellationToken).ConfigureAwait(false);
        foreach (var language in languages)
        {
            catalog.Add(ToObject(language));
        }
    }

    private static SchemaObject ToObject(Language language)
    {
        var identity = $"LANGUAGE {SqlText.Identifier(language.Name)}";
        var isOwn = language.Oid >= SystemCatalog.FirstNormalObjectId;
        return new SchemaObject
        {
            Address = new ObjectAddress(SystemCatalog.Language, language.Oid),
            Kind = ObjectKinds.Language,
            Name = language.Name,
            Create = () => isOwn ? Create(language, identity) : "",
            Drop = isOwn ? $"DROP LANGUAGE IF EXISTS {SqlText.Identifier(language.Name)};\n" : null,
            Identity = isOwn ? identity : null,
            Owner = isOwn ? language.Owner : null,
            Acls =
            [
                new ObjectAcl
                {
                    Type = AclObjectType.Usage,
                    Target = identity,
                    Owner = language.Owner,
                    Items = language.Acl,
                    Default = language.DefaultAcl,
                },
            ],
        };
    }

    private static string Create(Language language, string identity)
    {
        var trusted = language.IsTrusted ? "TRUSTED " : "";
        var inline = language.Inline is null ? "" : $" INLINE {language.Inline}";
        var validator = language.Validator is null ? "" : $" VALIDATOR {language.Validator}";
        return $"CREATE {trusted}{identity} HANDLER {language.Handler}{inline}{validator};\n";
    }

    private sealed record Language(
        uint Oid,
        string Name,
        string Owner,
        bool IsTrusted,
        string? Handler,
        string? Inline,
        string? Validator,
        string[]? Acl,
        string[] DefaultAcl);
}
