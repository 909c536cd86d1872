using Backup.Core.Postgres.LargeObjects;
using Backup.Core.Postgres.Presets;

namespace Backup.Core.Postgres;

/// <summary>Which relations a backup or a restore covers.</summary>
/// <remarks>
/// A pattern takes <c>*</c> for any text and <c>?</c> for one character; inside double quotes both, and the dot, are
/// themselves. Table patterns have two parts, <c>schema.table</c>. Names are compared as PostgreSQL stores them, without
/// folding to lower case. With no include pattern everything is included; with some, what any of them matches. An exclude
/// pattern always wins. A partition is a relation of its own: include <c>public.orders*</c> to
/// back its partitions up too. A restore takes the partitions of an included table with it.
/// Include patterns that match nothing in the database fail the run.
/// Large objects belong to no schema. As with pg_dump they come along unless there is an include pattern; an exclude pattern that matches
/// <c>pg_catalog.pg_largeobject</c> leaves them out.
/// </remarks>
public sealed record TableSelection
{
    private readonly NamePattern[] _includeSchemas = [];
    private readonly NamePattern[] _excludeSchemas = [];
    private readonly NamePattern[] _includeTables = [];
    private readonly NamePattern[] _excludeTables = [];
    private readonly DatabasePreset _preset;

    /// <summary>The selection of every relation outside PostgreSQL's own schemas.</summary>
    public static TableSelection Everything { get; } = new();

    /// <summary>Schemas whose objects are included.</summary>
    /// <value>Empty by default.</value>
    /// <exception cref="ArgumentException">A pattern is not well formed.</exception>
    public IReadOnlyList<string> IncludeSchemas
    {
        get => Texts(_includeSchemas);
        init => _includeSchemas = Patterns(value, NamePattern.ForSchema);
    }

    /// <summary>Schemas that are left out.</summary>
    /// <value>Empty by default.</value>
    /// <exception cref="ArgumentException">A pattern is not well formed.</exception>
    public IReadOnlyList<string> ExcludeSchemas
    {
        get => Texts(_excludeSchemas);
        init => _excludeSchemas = Patterns(value, NamePattern.ForSchema);
    }

    /// <summary>Relations that are included, as <c>schema.table</c>.</summary>
    /// <value>Empty by default.</value>
    /// <exception cref="ArgumentException">A pattern is not well formed.</exception>
    public IReadOnlyList<string> IncludeTables
    {
        get => Texts(_includeTables);
        init => _includeTables = Patterns(value, NamePattern.ForTable);
    }

    /// <summary>Relations that are left out, as <c>schema.table</c>.</summary>
    /// <value>Empty by default.</value>
    /// <exception cref="ArgumentException">A pattern is not well formed.</exception>
    public IReadOnlyList<string> ExcludeTables
    {
        get => Texts(_excludeTables);
        init => _excludeTables = Patterns(value, NamePattern.ForTable);
    }

    /// <summary>
    /// The platform that runs the database: its own objects are left out, as far as they can be told. In a restore: by whose rules objects and
    /// rows come back; those of the preset that a backup was made with hold anyway.
    /// </summary>
    /// <value><see cref="DatabasePreset.None"/> by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">It is no such preset.</exception>
    public DatabasePreset Preset
    {
        get => _preset;
        init => _preset = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "There is no such preset.");
    }

    /// <summary>Whether no pattern is set.</summary>
    public bool IsEverything => this is
    { _includeSchemas: [], _excludeSchemas: [], _includeTables: [], _excludeTables: [] };

    /// <summary>Whether the selection covers a relation.</summary>
    /// <param name="name">The relation's true name.</param>
    /// <returns><see langword="true"/> when it is included and not excluded.</returns>
    public bool Includes(QualifiedName name) =>
        (IncludesAll || Any(_includeSchemas, name) || Any(_includeTables, name)) && !Excludes(name);

    /// <summary>Whether the selection covers a schema as a whole, with the objects in it that are not relations.</summary>
    /// <param name="schema">The schema's true name.</param>
    /// <returns><see langword="true"/> when it is included and not excluded.</returns>
    public bool IncludesSchema(string schema) =>
        (IncludesAll || Array.Exists(_includeSchemas, p => p.MatchesSchema(schema)))
        && !Array.Exists(_excludeSchemas, p => p.MatchesSchema(schema));

    /// <summary>Whether large objects are covered.</summary>
    internal bool IncludesLargeObjects =>
        IncludesAll && !Excludes(LargeObjectRelations.Metadata) && !Excludes(LargeObjectRelations.Contents);

    /// <summary>Whether the rows of a relation of a database are covered.</summary>
    internal bool Includes(ListedRelation relation) => Includes(relation.Name)
        && (Preset != DatabasePreset.Supabase || SupabaseNames.HasProjectRows(relation.Name, relation.Owner));

    /// <summary>Whether an exclude pattern matches a relation.</summary>
    internal bool Excludes(QualifiedName name) => Any(_excludeSchemas, name) || Any(_excludeTables, name);

    /// <summary>The include patterns that match none of the given schemas and relations.</summary>
    internal IEnumerable<string> UnmatchedIncludes(IReadOnlyCollection<string> schemas, IReadOnlyCollection<QualifiedName> relations) =>
        _includeSchemas.Where(pattern => !schemas.Any(pattern.MatchesSchema))
            .Concat(_includeTables.Where(pattern => !relations.Any(pattern.Matches)))
            .Select(pattern => pattern.Text);

    private bool IncludesAll => this is { _includeSchemas: [], _includeTables: [] };

    private static bool Any(NamePattern[] patterns, QualifiedName name) => Array.Exists(patterns, p => p.Matches(name));

    private static string[] Texts(NamePattern[] patterns) => Array.ConvertAll(patterns, p => p.Text);

    private static NamePattern[] Patterns(IReadOnlyList<string> texts, Func<string, NamePattern> parse)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return [.. texts.Select(parse)];
    }
}
