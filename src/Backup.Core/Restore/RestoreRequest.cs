using Backup.Core.Archives;
using Backup.Core.ObjectStores;
using Backup.Core.Postgres;

namespace Backup.Core.Restore;

/// <summary>What one restore brings back and how it treats what is there.</summary>
public sealed record RestoreRequest
{
    /// <summary>The backup; <see langword="null"/> takes the latest.</summary>
    /// <value><see langword="null"/> by default.</value>
    public BackupId? Backup { get; init; }

    /// <summary>
    /// Objects of the database, rows or both. Stored objects come back with rows, so a restore of the schema alone cannot be
    /// asked of a pipeline that has an object store.
    /// </summary>
    /// <value><see cref="RestoreScope.Everything"/> by default.</value>
    public RestoreScope Scope { get; init; }

    /// <summary>
    /// The tables. Unless it selects everything, only the chosen tables come back, with their rows, own sequences, indexes,
    /// constraints, triggers and policies. What they need (schemas, types, functions) is made where the target lacks it.
    /// Foreign keys to tables that are not chosen are left out and reported.
    /// </summary>
    /// <value><see cref="TableSelection.Everything"/> by default.</value>
    public TableSelection Tables { get; init; } = TableSelection.Everything;

    /// <summary>Which buckets and stored objects come back; for a pipeline that has an object store.</summary>
    /// <value><see cref="ObjectSelection.Everything"/> by default.</value>
    public ObjectSelection Objects { get; init; } = ObjectSelection.Everything;

    /// <summary>What to do with stored objects that the bucket already holds.</summary>
    /// <value><see cref="ConflictPolicy.SkipIdentical"/> by default.</value>
    public ConflictPolicy OnConflict { get; init; }

    /// <summary>
    /// Whether to remove first what is in the way: the objects of the backup that the target database holds, never others and
    /// never stored objects. With <see cref="RestoreScope.DataOnly"/> the tables are emptied instead. Without it, objects in the way (or rows in the
    /// tables) make the restore refuse.
    /// </summary>
    /// <value><see langword="false"/> by default.</value>
    public bool Clean { get; init; }

    /// <summary>Whether only to say what would be done. Reads the targets and changes nothing.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool DryRun { get; init; }

    /// <summary>
    /// Whether to leave out owners, grants and default privileges: everything then belongs to the role that restores. For
    /// targets that lack the source's roles.
    /// </summary>
    /// <value><see langword="false"/> by default.</value>
    public bool SkipOwnersAndPrivileges { get; init; }

    /// <summary>
    /// Whether the backup's roles are made first where the target lacks them, with their attributes, settings, comments and labels, and
    /// memberships that are missing granted. A role that exists is left as it is; nothing is removed. The new roles have no passwords. For
    /// backups that were made with roles.
    /// </summary>
    /// <value><see langword="false"/> by default.</value>
    public bool WithRoles { get; init; }

    /// <summary>
    /// Whether the target database gets, at the end, what the source's server keeps of the database beside its content: owner, comment,
    /// labels, connection limit, settings (ALTER DATABASE … SET, ALTER ROLE … IN DATABASE … SET) and privileges, whatever the target's name
    /// is. What the target has beyond that stays. <see cref="SkipOwnersAndPrivileges"/> leaves owner and privileges out.
    /// </summary>
    /// <value><see langword="false"/> by default.</value>
    public bool WithDatabaseSettings { get; init; }

    /// <summary>
    /// Whether to leave out what the target's server cannot make, as it is of another version or lacks an extension, with all that needs it.
    /// <see cref="RestorePlan.Unsupported"/> names it, and the outcome is <see cref="RestoreOutcome.CompletedWithFailures"/>.
    /// </summary>
    /// <value><see langword="false"/> by default: such an object makes the restore refuse before anything is changed.</value>
    public bool AllowUnsupported { get; init; }

    /// <summary>Whether the first table, stored object, index or constraint that fails ends the run with an exception.</summary>
    /// <value><see langword="false"/> by default: the others are restored and the failures listed.</value>
    public bool StopOnFirstError { get; init; }
}
