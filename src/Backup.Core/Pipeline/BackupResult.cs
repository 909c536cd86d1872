using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;

namespace Backup.Core.Pipeline;

/// <summary>What a run that committed a backup, or was suspended, did.</summary>
public sealed record BackupResult
{
    /// <summary>The backup's id.</summary>
    public required BackupId Id { get; init; }

    /// <summary>Whether everything that was asked for is in it.</summary>
    public required BackupOutcome Outcome { get; init; }

    /// <summary>Whether it is a full backup, or an incremental one.</summary>
    /// <value><see cref="BackupKind.Full"/> by default.</value>
    public BackupKind Kind { get; init; }

    /// <summary>
    /// Why it is a full backup though an incremental one was asked for, or does not build on the latest backup; <see langword="null"/>
    /// where it is what was asked for.
    /// </summary>
    public string? KindReason { get; init; }

    /// <summary>The backup that an incremental one builds on; otherwise <see langword="null"/>.</summary>
    public BackupId? Parent { get; init; }

    /// <summary>
    /// What has become of the parent's content, by table and bucket; <see langword="null"/> unless it is a finished incremental backup.
    /// </summary>
    public BackupChanges? Changes { get; init; }

    /// <summary>When this part of the run began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long it took, until all was durable.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Sums over the backup, earlier parts among it; of a suspended run over what is kept of it.</summary>
    public required BackupTotals Totals { get; init; }

    /// <summary>The tables whose rows it holds, in the order of their names; empty without a database.</summary>
    public required IReadOnlyList<TableResult> Tables { get; init; }

    /// <summary>The buckets whose objects it holds, in ordinal order of their ids; empty without an object store.</summary>
    public required IReadOnlyList<BucketResult> Buckets { get; init; }

    /// <summary>What could not be copied though it was asked for; empty when <see cref="Outcome"/> is <see cref="BackupOutcome.Complete"/>.</summary>
    public required IReadOnlyList<FailureRecord> Failures { get; init; }

    /// <summary>
    /// What the database holds that no backup can, where <see cref="BackupRequest.AllowUnsupported"/> let the run go on without it. Then
    /// <see cref="Outcome"/> is not <see cref="BackupOutcome.Complete"/>.
    /// </summary>
    /// <value>Empty by default.</value>
    public IReadOnlyList<UnsupportedRecord> Unsupported { get; init; } = [];

    /// <summary>The manifest as it was committed; <see langword="null"/> when the run was suspended.</summary>
    public required BackupManifest? Manifest { get; init; }

    /// <summary>What is left to do; <see langword="null"/> unless the run was suspended.</summary>
    public RemainingWork? Remaining { get; init; }

    /// <summary>The number of this part of the run, from 1: how often it was begun or resumed.</summary>
    public int Part { get; init; } = 1;

    /// <summary>The number of worker processes that copied rows and objects; 0 when the run did so itself. What the next three say is then of
    /// all processes together, while <see cref="Memory"/> is of this one.</summary>
    public int Workers { get; init; }

    /// <summary>The number of database connections that read rows; 0 without a database.</summary>
    public required int Connections { get; init; }

    /// <summary>The number of threads that packed.</summary>
    public required int CompressionWorkers { get; init; }

    /// <summary>The memory that buffers were allowed to take, in bytes.</summary>
    public required long MemoryBudgetBytes { get; init; }

    /// <summary>The profile that automatic settings came from; never <see cref="BackupProfile.Automatic"/>.</summary>
    public required BackupProfile Profile { get; init; }

    /// <summary>The memory that the run took.</summary>
    public required BackupMemory Memory { get; init; }

    /// <summary>How long the run was in each phase, in their order.</summary>
    public IReadOnlyList<PhaseDuration> Phases { get; init; } = [];

    /// <summary>How often something was tried again.</summary>
    public RetryCounts Retries { get; init; } = RetryCounts.None;

    /// <summary>The raw bytes of rows and objects that were read per second of <see cref="Duration"/>.</summary>
    public double BytesPerSecond { get; init; }

    /// <summary>The rows that were read per second of <see cref="Duration"/>.</summary>
    public double RowsPerSecond { get; init; }

    /// <summary>The objects that were dealt with per second of <see cref="Duration"/>.</summary>
    public double ObjectsPerSecond { get; init; }

    /// <summary>The part of all tables and objects that failed, from 0 to 1.</summary>
    public double ErrorRate
    {
        get
        {
            var all = Tables.Count + Totals.Objects + Failures.Count;
            return all == 0 ? 0 : (double)Failures.Count / all;
        }
    }
}
