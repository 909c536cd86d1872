namespace Backup.Core.Postgres.Schema;

/// <summary>A kind of object: its words in the table of contents, its section and its place among the kinds.</summary>
/// <param name="Name">PostgreSQL's words for it, as pg_dump's descriptions.</param>
/// <param name="Section">When it is made; a kind that is part of another one moves there once it has to stand alone.</param>
/// <param name="Priority">The place among the kinds when no dependency says otherwise; the values follow pg_dump's order.</param>
internal sealed record ObjectKind(string Name, TocSection Section, int Priority)
{
    /// <summary>Whether it may be made after the rows when something after the rows is needed first (a view that groups by a primary key).</summary>
    public bool CanBePostponed { get; init; }

    /// <summary>Whether it comes after the privileges: what acts on its own once it exists, or runs with the rights granted.</summary>
    public bool FollowsPrivileges { get; init; }

    /// <summary>For a part that can be split off its container: which kind is split first, the lowest first; 0 for never.</summary>
    public int SplitOrder { get; init; }

    /// <summary>Whether only a cycle splits the part off: where something after the rows is needed, its container moves there with it.</summary>
    public bool StaysWithContainer { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
