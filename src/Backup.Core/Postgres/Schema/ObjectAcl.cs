namespace Backup.Core.Postgres.Schema;

/// <summary>The privileges of one object or column as the catalog holds them.</summary>
internal sealed record ObjectAcl
{
    /// <summary>The kind of privileges.</summary>
    public required AclObjectType Type { get; init; }

    /// <summary>What stands after ON, such as <c>TABLE public.film</c>.</summary>
    public required string Target { get; init; }

    /// <summary>The owner's true name, who grants where an item does not say otherwise.</summary>
    public required string Owner { get; init; }

    /// <summary>The items (<c>aclitem[]</c> as <c>text[]</c>); <see langword="null"/> when the catalog holds none: the default holds.</summary>
    public required IReadOnlyList<string>? Items { get; init; }

    /// <summary>What <c>acldefault()</c> gives for the owner: what a fresh object has.</summary>
    public required IReadOnlyList<string> Default { get; init; }

    /// <summary>
    /// What the object has once made, where neither the default nor <c>pg_init_privs</c> tells: the schema public.
    /// </summary>
    public IReadOnlyList<string>? Initial { get; init; }

    /// <summary>The column's true name where the privileges are a column's.</summary>
    public string? Column { get; init; }

    /// <summary>The column's number; 0 for the object itself.</summary>
    public int SubId { get; init; }
}
