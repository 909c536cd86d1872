namespace Backup.Core.Restore;

/// <summary>Which side of a database a restore brings back.</summary>
public enum RestoreScope
{
    /// <summary>The objects and their rows.</summary>
    Everything,

    /// <summary>The objects without rows. Sequences stand at their start, materialized views are not populated.</summary>
    SchemaOnly,

    /// <summary>The rows and the positions of sequences, into tables that exist.</summary>
    DataOnly,
}
