using Backup.Core.Archives;
using Backup.Core.ObjectStores;
using Backup.Core.Postgres;

namespace Backup.Core.Pipeline;

/// <summary>What one run backs up of the database and the object store that its pipeline has.</summary>
public sealed record BackupRequest
{
    /// <summary>Which tables, with all that belongs to them.</summary>
    /// <value><see cref="TableSelection.Everything"/> by default.</value>
    public TableSelection Tables { get; init; } = TableSelection.Everything;

    /// <summary>Which buckets and objects, where the pipeline has an object store.</summary>
    /// <value><see cref="ObjectSelection.Everything"/> by default. A pattern that no bucket fits fails the run before anything is read.</value>
    public ObjectSelection Objects { get; init; } = ObjectSelection.Everything;

    /// <summary>How many tables and objects may fail before the run does.</summary>
    /// <value><see cref="FailurePolicy.Default"/> by default: no table, and at most 1,000 objects.</value>
    public FailurePolicy Failures { get; init; } = FailurePolicy.Default;

    /// <summary>
    /// Whether the roles of the server are in the backup too, all of them but those that come with every server (<c>pg_…</c>), with their
    /// attributes, memberships, settings, comments and labels, and without their passwords. What a setting of a role holds is in
    /// the backup in clear text, as all rows are. A restore makes them only where it is asked to.
    /// </summary>
    /// <value><see langword="false"/> by default.</value>
    public bool WithRoles { get; init; }

    /// <summary>
    /// Whether a backup is made of a database that holds objects of kinds that a backup cannot hold, or whose server is newer than what this
    /// version knows. What the backup lacks then is named in <see cref="BackupResult.Unsupported"/> and in the manifest, and the outcome is
    /// <see cref="BackupOutcome.CompletedWithFailures"/>.
    /// </summary>
    /// <value><see langword="false"/> by default: the run fails with a <see cref="Errors.DatabaseException"/> that names them.</value>
    public bool AllowUnsupported { get; init; }

    /// <summary>
    /// How long the run may take, from the call of <see cref="IBackupPipeline.RunAsync"/> on. In time before that it takes no new work,
    /// ends what it has begun, makes all of it durable and returns <see cref="BackupOutcome.Suspended"/>; <see cref="Resume"/> goes on from
    /// there. 15 % of it, but at most a minute, are kept back for the end. From a second to 24 days.
    /// </summary>
    /// <value><see langword="null"/> by default: as long as it takes.</value>
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>
    /// Whether the run can be resumed when it does not come to its end: suspended, failed, cancelled or killed. It then divides the
    /// backup into volumes of 256 MiB, unless <see cref="BackupOptions.VolumeBytes"/> says otherwise, and keeps a record of each.
    /// </summary>
    /// <value><see langword="null"/> by default: where <see cref="TimeBudget"/> or <see cref="Resume"/> is set, and else not.</value>
    public bool? Resumable { get; init; }

    /// <summary>
    /// The run to go on with. The request must choose the same tables and objects of the same database and store; all else may differ.
    /// What it stored is not read again, and the rest is read under a new snapshot: the manifest says which is of which.
    /// </summary>
    /// <value><see langword="null"/> by default: a new run.</value>
    public BackupId? Resume { get; init; }

    /// <summary>
    /// Whether the rows of one table may be of several snapshots, where a run is resumed in the middle of it. For tables that are
    /// larger than what one time budget can read; the manifest names those that are mixed. Otherwise such a table is read again whole.
    /// </summary>
    /// <value><see langword="false"/> by default.</value>
    public bool AllowMixedTables { get; init; }

    /// <summary>
    /// Whether only what has changed since another backup of the same source is stored, and the rest referenced where that one, or a
    /// backup that it references, has it. What there is no backup to build on for becomes a full one, and
    /// <see cref="BackupResult.KindReason"/> says why. A run that is resumed stays what it was begun as.
    /// </summary>
    /// <value><see langword="false"/> by default: a full backup.</value>
    public bool Incremental { get; init; }

    /// <summary>The backup to build on, for <see cref="Incremental"/>. A run fails with a <see cref="Errors.ParentException"/> where it cannot serve.</summary>
    /// <value><see langword="null"/> by default: the latest complete one of the same source that is intact.</value>
    public BackupId? Parent { get; init; }

    /// <summary>
    /// Whether tables are not even read, for <see cref="Incremental"/>, of which the server's statistics say that nothing has been written
    /// since the parent. Statistics may be lost or late: docs/operations.md says when this is a risk. A full backup reads every table all
    /// the same, and notes the statistics for the incremental one that follows.
    /// </summary>
    /// <value><see langword="false"/> by default: every table is read and compared.</value>
    public bool TrustStatistics { get; init; }

    /// <summary>Whether it is only to be found out what the run would store: nothing is written, and no object downloaded.</summary>
    internal bool IsPreview { get; init; }

    /// <summary>Whether the run keeps what is needed to resume it.</summary>
    internal bool IsResumable => Resumable ?? (TimeBudget is not null || Resume is not null);

    /// <summary>Whether other processes are to join the run's snapshot.</summary>
    internal bool SharesSnapshot { get; init; }
}
