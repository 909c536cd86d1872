namespace Backup.Core.Postgres.Schema;

/// <summary>
/// One object that a kind reader found. The statements are rendered after the order is settled, because a part
/// (a default, a check constraint, a view's query) may have had to be split off its container by then.
/// </summary>
internal sealed class SchemaObject
{
    /// <summary>What most objects require: nothing.</summary>
    public static readonly Func<IReadOnlyList<VersionRequirement>> NoRequirements = () => [];

    private TocSection? _section;

    /// <summary>The object's address in the source.</summary>
    public required ObjectAddress Address { get; init; }

    /// <summary>The kind.</summary>
    public required ObjectKind Kind { get; init; }

    /// <summary>The schema's true name; <see langword="null"/> for what lives in none.</summary>
    public string? Schema { get; init; }

    /// <summary>The true name as the table of contents shows it (a function with its argument types).</summary>
    public required string Name { get; init; }

    /// <summary>The statements that make it, each ending in <c>;\n</c>; without owner, comment and privileges.</summary>
    public required Func<string> Create { get; init; }

    /// <summary>The statement that removes it, with IF EXISTS; none when it goes with another object.</summary>
    public ObjectText Drop { get; init; }

    /// <summary>How COMMENT ON, SECURITY LABEL ON and ALTER name it, such as <c>TABLE public.film</c>; none when nothing does.</summary>
    public ObjectText Identity { get; init; }

    /// <summary>The owner's true name when ALTER … OWNER TO has to follow; <see langword="null"/> for what has none.</summary>
    public string? Owner { get; init; }

    /// <summary>The true names of the roles that the statements name beyond the owner: a policy's.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>The words that ALTER … OWNER TO takes where they are not <see cref="Identity"/>.</summary>
    public string? OwnerIdentity { get; init; }

    /// <summary>The words that ALTER … DEPENDS ON EXTENSION takes where they are not <see cref="Identity"/>.</summary>
    public string? DependsIdentity { get; init; }

    /// <summary>The privileges, of the object first, then of its columns.</summary>
    public IReadOnlyList<ObjectAcl> Acls { get; init; } = [];

    /// <summary>What can carry a comment of its own without being an object: columns by number.</summary>
    public IEnumerable<ObjectPart> Parts { get; init; } = [];

    /// <summary>The relation it belongs to (an index, a trigger): it is taken exactly when that relation is.</summary>
    public ObjectAddress? BelongsTo { get; init; }

    /// <summary>The true name of the table it belongs to, itself included, in <see cref="Schema"/>.</summary>
    public string? Table { get; init; }

    /// <summary>Orders objects of one kind, schema and name: argument types, the table's name.</summary>
    public string? SortText { get; init; }

    /// <summary>What must exist first beyond what <c>pg_depend</c> tells.</summary>
    public IReadOnlyList<ObjectAddress> DependsOn { get; init; } = [];

    /// <summary>Dependencies that <c>pg_depend</c> tells and this object's statements do not have: a serial sequence on its table.</summary>
    public IReadOnlyList<ObjectAddress> Ignores { get; init; } = [];

    /// <summary>
    /// The object whose CREATE statement carries this one as long as no cycle forbids it: a column default in its table,
    /// a view's query in its view. <see langword="null"/> for what always stands alone.
    /// </summary>
    public SchemaObject? Container { get; init; }

    /// <summary>Gives what a server has to know that makes it and its comments, beyond what the statements' texts show.</summary>
    public Func<IReadOnlyList<VersionRequirement>> Requires { get; init; } = NoRequirements;

    /// <summary>Gives other statements for servers that do not take <see cref="Create"/>.</summary>
    public Func<IReadOnlyList<StatementVariant>> Variants { get; init; } = () => [];

    /// <summary>Whether it is written though it belongs to a member of an extension: the rows of a configuration table.</summary>
    public bool IsBeyondExtension { get; init; }

    /// <summary>Its place among all objects by kind and name, from 0; known once all of them are.</summary>
    public int Place { get; set; }

    /// <summary>Whether the object has a statement of its own, not one of its container's.</summary>
    public bool IsSeparate { get; private set; }

    /// <summary>When it is made, once the order is settled.</summary>
    public TocSection Section => _section ?? Kind.Section;

    /// <summary>Splits the object off its container.</summary>
    public void Split() => IsSeparate = true;

    /// <summary>Moves the object behind the rows.</summary>
    public void Postpone() => _section = TocSection.PostData;

    /// <summary>Its qualified name as SQL, of what lives in a schema.</summary>
    public string ToSql() => new QualifiedName(Schema!, Name).ToSql();

    /// <summary>The qualified name of the table it belongs to, as SQL.</summary>
    public string TableToSql() => new QualifiedName(Schema!, Table!).ToSql();

    /// <inheritdoc/>
    public override string ToString() => Schema is null ? $"{Kind} {Name}" : $"{Kind} {Schema}.{Name}";
}
