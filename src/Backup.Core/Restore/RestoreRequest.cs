using Backup.Core.Archives;
using Backup.Core.Postgres;

namespace Backup.Core.Restore;

/// <summary>What one restore brings back and how it treats what is there.</summary>
public sealed record RestoreRequest
{
    /// <summary>The backup; <see langword="null"/> takes the latest.</summary>
    /// <value><see langword="null"/> by default.</value>
    public BackupId? Backup { get; init; }

    /// <summary>Objects, rows or both.</summary>
    /// <value><see cref="RestoreScope.Everything"/> by default.</value>
    public RestoreScope Scope { get; init; }

    /// <summary>
    /// The tables. Unless it selects everything, only the chosen tables come back, with their rows, own sequences, indexes,
    /// constraints, triggers and policies. What they need (schemas, types, functions) is made where the target lacks it.
    /// Foreign keys to tables that are not chosen are left out and reported.
    /// </summary>
    /// <value><see cref="TableSelection.Everything"/> by default.</value>
    public TableSelection Tables { get; init; } = TableSelection.Everything;

    /// <summary>
    /// Whether to remove first what is in the way: the objects of the backup that the target holds, never others. With
    /// <see cref="RestoreScope.DataOnly"/> the tables are emptied instead. Without it, objects in the way (or rows in the
    /// tables) make the restore refuse.
    /// </summary>
    /// <value><see langword="false"/> by default.</value>
    public bool Clean { get; init; }

    /// <summary>Whether only to say what would be done. Reads the target and changes nothing.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool DryRun { get; init; }

    /// <summary>
    /// Whether to leave out owners, grants and default privileges: everything then belongs to the role that restores. For
    /// targets that lack the source's roles.
    /// </summary>
    /// <value><see langword="false"/> by default.</value>
    public bool SkipOwnersAndPrivileges { get; init; }

    /// <summary>Whether the first table, index or constraint that fails ends the run with an exception.</summary>
    /// <value><see langword="false"/> by default: the others are restored and the failures listed.</value>
    public bool StopOnFirstError { get; init; }
}
