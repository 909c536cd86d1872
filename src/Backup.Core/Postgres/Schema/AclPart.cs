namespace Backup.Core.Postgres.Schema;

/// <summary>Which privileges a script is about.</summary>
internal enum AclPart
{
    /// <summary>All of them.</summary>
    Whole,

    /// <summary>Those that every supported version knows; what is ALL at the source is ALL everywhere.</summary>
    Common,

    /// <summary>The others, where they are named one by one: MAINTAIN, which came with version 17.</summary>
    Newer,
}
