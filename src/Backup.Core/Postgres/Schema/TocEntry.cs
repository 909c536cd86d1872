namespace Backup.Core.Postgres.Schema;

/// <summary>One object of the schema, ready to be made: an item of <c>database/toc.json</c>, in an order that restores.</summary>
internal sealed record TocEntry
{
    /// <summary>The position in the table of contents, from 1. An entry depends only on smaller ids.</summary>
    public required int Id { get; init; }

    /// <summary>When it is made.</summary>
    public required TocSection Section { get; init; }

    /// <summary>PostgreSQL's words for the kind, as pg_dump's descriptions: <c>TABLE</c>, <c>FK CONSTRAINT</c>, <c>ACL</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The schema's true name; <see langword="null"/> for what lives in none.</summary>
    public string? Schema { get; init; }

    /// <summary>The true name; for a function with its argument types, for a child of a table the child's own name.</summary>
    public required string Name { get; init; }

    /// <summary>The table (in <see cref="Schema"/>) that the object belongs to, itself included; <see langword="null"/> for what belongs to none.</summary>
    public string? Table { get; init; }

    /// <summary>The statements that make it, each ending in a semicolon and a newline; names are qualified, <c>search_path</c> is empty.</summary>
    public required string Create { get; init; }

    /// <summary>The owner's true name; <see langword="null"/> for what has none.</summary>
    public string? Owner { get; init; }

    /// <summary>The statement that gives it to <see cref="Owner"/>, run right after <see cref="Create"/>; <see langword="null"/> for none.</summary>
    public string? SetOwner { get; init; }

    /// <summary>The true names of the roles that the statements name, the owner included: they must exist where it is made.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>The statement that removes it, with IF EXISTS; <see langword="null"/> when it goes with another object.</summary>
    public string? Drop { get; init; }

    /// <summary>The ids of the entries that must be made before this one.</summary>
    public IReadOnlyList<int> DependsOn { get; init; } = [];

    /// <summary>What the server has to know that makes it, by whichever statements; <see langword="null"/> where every supported one does.</summary>
    public IReadOnlyList<VersionRequirement>? Requires { get; init; }

    /// <summary>Other statements for servers that do not take <see cref="Create"/>; <see langword="null"/> where all take it.</summary>
    public IReadOnlyList<StatementVariant>? Variants { get; init; }
}
