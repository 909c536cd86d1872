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

    /// <summary>The true names of the roles that the items name.</summary>
    public IEnumerable<string> Roles() => (Items ?? []).SelectMany(RolesOf);

    /// <summary>The items that name a role that came with a server newer than the oldest supported one.</summary>
    public IReadOnlyList<string> ItemsOfNewerRoles() =>
        [.. (Items ?? []).Where(item => RolesOf(item).Any(role => ServerFeatures.OfRole(role) is not null))];

    /// <summary>The same without some of the items.</summary>
    public ObjectAcl Without(IReadOnlyList<string> items) =>
        items.Count == 0 ? this : this with { Items = [.. Items!.Except(items, StringComparer.Ordinal)] };

    private static IEnumerable<string> RolesOf(string item)
    {
        var parsed = AclItem.Parse(item);
        return new[] { parsed.Grantee, parsed.Grantor }.Where(role => role.Length > 0);
    }
}
