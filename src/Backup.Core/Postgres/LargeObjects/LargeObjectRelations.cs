namespace Backup.Core.Postgres.LargeObjects;

/// <summary>
/// The two catalogs that large objects live in. A backup holds them as two tables of these names: which large objects there are, and what
/// is in them. Neither is ever loaded into a catalog: the objects are made by functions and statements.
/// </summary>
internal static class LargeObjectRelations
{
    /// <summary>The oid of <see cref="Contents"/> on every server.</summary>
    public const uint ContentsOid = 2613;

    /// <summary>The oid of <see cref="Metadata"/> on every server.</summary>
    public const uint MetadataOid = 2995;

    /// <summary>Which large objects there are: a row for each.</summary>
    public static QualifiedName Metadata { get; } = new("pg_catalog", "pg_largeobject_metadata");

    /// <summary>What is in them: a row for each stretch of bytes.</summary>
    public static QualifiedName Contents { get; } = new("pg_catalog", "pg_largeobject");

    /// <summary>
    /// The columns of <see cref="Metadata"/>: the object's oid, its owner, the roles that its privileges name, the statements that give the
    /// privileges, and those that give its comment and security labels. The last three are null where there are none.
    /// </summary>
    public static IReadOnlyList<string> MetadataColumns { get; } = ["oid", "owner", "roles", "privileges", "comments"];

    /// <summary>The columns of <see cref="Contents"/>: the object's oid, and bytes with their place in it.</summary>
    public static IReadOnlyList<string> ContentsColumns { get; } = ["oid", "offset", "data"];

    /// <summary>Whether it is one of the two.</summary>
    public static bool Contains(QualifiedName name) => name == Metadata || name == Contents;
}
