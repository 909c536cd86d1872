using Npgsql;

namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>What every kind of type has in common: a row of <c>pg_type</c>.</summary>
internal sealed record TypeRow(
    uint Oid, uint SchemaId, string Schema, string Name, string Owner, IReadOnlyList<string>? Acl, IReadOnlyList<string> DefaultAcl)
{
    /// <summary>The columns that <see cref="Read"/> expects first, of <see cref="Source"/>.</summary>
    public const string Columns =
        "t.oid, t.typnamespace, t.typname, t.typowner, t.typacl::text[], pg_catalog.acldefault('T', t.typowner)::text[]";

    /// <summary>The rows: types in schemas that are not the server's own.</summary>
    public const string Source =
        $"(pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace AND {ReadContext.UserSchema})";

    /// <summary>The column after those of <see cref="Columns"/>.</summary>
    public const int Next = 6;

    /// <summary>The type's address.</summary>
    public ObjectAddress Address => new(SystemCatalog.Type, Oid);

    /// <summary>The qualified name as SQL.</summary>
    public string Sql => new QualifiedName(Schema, Name).ToSql();

    /// <summary>Reads the common columns.</summary>
    public static TypeRow Read(ReadContext context, NpgsqlDataReader row) => new(
        row.Oid(0),
        row.Oid(1),
        context.SchemaName(row.Oid(1)),
        row.GetString(2),
        context.RoleName(row.Oid(3)),
        row.Texts(4),
        row.Texts(5) ?? []);

    /// <summary>The object of a type.</summary>
    /// <param name="kind">The kind, whose name is also the word that DROP and COMMENT ON take.</param>
    /// <param name="create">The statements that make it.</param>
    /// <param name="parts">The attributes of a composite type.</param>
    /// <param name="dependsOn">What must exist first beyond what the catalog tells.</param>
    public SchemaObject ToObject(
        ObjectKind kind,
        Func<string> create,
        IReadOnlyList<ObjectPart>? parts = null,
        IReadOnlyList<ObjectAddress>? dependsOn = null) => new()
        {
            Address = Address,
            Kind = kind,
            Schema = Schema,
            Name = Name,
            Create = create,
            Drop = $"DROP {kind.Name} IF EXISTS {Sql};\n",
            Identity = $"{kind.Name} {Sql}",
            Owner = Owner,
            Parts = parts ?? [],
            DependsOn = dependsOn ?? [],
            Acls =
            [
                new ObjectAcl { Type = AclObjectType.Usage, Target = $"TYPE {Sql}", Owner = Owner, Items = Acl, Default = DefaultAcl },
            ],
        };
}
