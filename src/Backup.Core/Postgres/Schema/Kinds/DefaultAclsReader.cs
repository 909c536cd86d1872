namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads default privileges (ALTER DEFAULT PRIVILEGES), which are set after everything they could act on is made.</summary>
internal sealed class DefaultAclsReader : ObjectKindReader
{
    /// <summary>What a row <c>d</c> of <c>pg_default_acl</c> starts from, in SQL.</summary>
    public const string StartingPoint =
        """
        CASE WHEN d.defaclnamespace = 0 THEN
            pg_catalog.acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's'::"char" ELSE d.defaclobjtype END, d.defaclrole)::text[]
        ELSE '{}' END
        """;

    // Those of one schema are added to the global ones: they start from nothing, the global ones from the built-in default.
    private const string Query =
        $"""
        SELECT d.oid, d.defaclrole, d.defaclnamespace, d.defaclobjtype, d.defaclacl::text[], {StartingPoint}
        FROM pg_catalog.pg_default_acl d
        """;

    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var acls = await context.QueryAsync(
            Query,
            row => new DefaultAcl(
                row.Oid(0),
                context.RoleName(row.Oid(1)),
                row.Oid(2) == 0 ? null : context.SchemaName(row.Oid(2)),
                row.Char(3),
                row.Texts(4) ?? [],
                row.Texts(5) ?? []),
            cancellationToken).ConfigureAwait(false);
        foreach (var acl in acls)
        {
            var item = ToObject(acl, context.Major, AclPart.Common, new ObjectAddress(SystemCatalog.DefaultAcl, acl.Oid));
            catalog.Add(item);
            if (context.Major >= AclObjectType.MaintainVersion)
            {
                catalog.Add(ToObject(acl, context.Major, AclPart.Newer, ObjectAddress.Of(DerivedStep.NewerDefaultAcl, acl.Oid)));
            }
        }
    }

    /// <summary>The words and the privileges of a kind of objects.</summary>
    /// <param name="objectType">Its <c>defaclobjtype</c>.</param>
    public static (string Words, AclObjectType Type) WordsOf(char objectType) => objectType switch
    {
        'r' => ("TABLES", AclObjectType.Table),
        'S' => ("SEQUENCES", AclObjectType.Sequence),
        'f' => ("FUNCTIONS", AclObjectType.Routine),
        'T' => ("TYPES", AclObjectType.Usage),
        'n' => ("SCHEMAS", AclObjectType.Schema),
        _ => ("LARGE OBJECTS", AclObjectType.LargeObject),
    };

    private static SchemaObject ToObject(DefaultAcl acl, int majorVersion, AclPart part, ObjectAddress address)
    {
        var (words, type) = WordsOf(acl.ObjectType);
        var inSchema = acl.Schema is null ? "" : $" IN SCHEMA {SqlText.Identifier(acl.Schema)}";
        var prefix = $"ALTER DEFAULT PRIVILEGES FOR ROLE {SqlText.Identifier(acl.Role)}{inSchema} ";
        var privileges = new ObjectAcl
        {
            Type = type,
            Target = words,
            Owner = acl.Role,
            Items = acl.Items,
            Default = acl.Default,
        };
        return new SchemaObject
        {
            Address = address,
            Kind = ObjectKinds.DefaultAcl,
            Schema = acl.Schema,
            Name = $"DEFAULT PRIVILEGES FOR {words} OF {acl.Role}",
            Roles = [acl.Role, .. acl.Items.Select(item => AclItem.Parse(item).Grantee).Where(role => role.Length > 0)],
            Create = () => AclScript.Build(privileges, initial: null, majorVersion, prefix, part),
            Requires = () =>
            [
                .. part == AclPart.Newer
                    ? [VersionRequirement.From(AclObjectType.MaintainVersion, "the privilege MAINTAIN")]
                    : Array.Empty<VersionRequirement>(),
                .. type == AclObjectType.LargeObject
                    ? [VersionRequirement.From(18, "ALTER DEFAULT PRIVILEGES ON LARGE OBJECTS")]
                    : Array.Empty<VersionRequirement>(),
            ],
        };
    }

    private sealed record DefaultAcl(
        uint Oid, string Role, string? Schema, char ObjectType, string[] Items, string[] Default);
}
