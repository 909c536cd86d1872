namespace Backup.Core.Restore;

/// <summary>The part of a restore that is under way, in order.</summary>
public enum RestorePhase
{
    /// <summary>The backup is opened, the target examined and the plan made.</summary>
    Preparing,

    /// <summary>What is in the way is removed, and what rows need is made: types, tables, functions.</summary>
    PreData,

    /// <summary>Rows are loaded and sequences set.</summary>
    Data,

    /// <summary>Stored objects are uploaded.</summary>
    Files,

    /// <summary>Indexes, constraints, triggers, policies and grants are made, materialized views refreshed.</summary>
    PostData,

    /// <summary>The run is over.</summary>
    Completed,
}
