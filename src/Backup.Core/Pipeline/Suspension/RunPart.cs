using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Referencing;
using Backup.Core.Archives.Resuming;
using Backup.Core.Diagnostics;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Backup.Core.Pipeline.Incremental;
using Backup.Core.Pipeline.Memory;
using Backup.Core.Pipeline.Sources;
using Backup.Core.Postgres;

namespace Backup.Core.Pipeline.Suspension;

/// <summary>One part of a run, from its beginning to its end: the lease that makes it the only one, and what the parts before left.</summary>
internal sealed class RunPart : IAsyncDisposable
{
    private readonly PipelineParts _parts;
    private readonly BackupRequest _request;
    private readonly BackupId _id;
    private readonly RunLease? _lease;
    private readonly ResourcePlan _plan;
    private readonly DateTimeOffset _startedAt;
    private SourceIdentity? _source;

    private RunPart(PipelineParts parts, BackupRequest request, BackupId id, RunLease? lease, ResumeState? resumed, ResourcePlan plan)
    {
        _parts = parts;
        _request = request;
        _id = id;
        _lease = lease;
        _plan = plan;
        _startedAt = parts.TimeProvider.GetUtcNow();
        Resumed = resumed;
        Starts = new TableStarts(resumed, plan.ToPageLimits(), request.AllowMixedTables, request.TrustStatistics);
    }

    /// <summary>What the parts before left; <see langword="null"/> for the first.</summary>
    public ResumeState? Resumed { get; }

    /// <summary>What is kept of each table.</summary>
    public TableStarts Starts { get; }

    /// <summary>What kind of backup it is, once <see cref="ChooseBaseAsync"/> has found out.</summary>
    public RunKind Kind { get; private set; } = RunKind.Full;

    /// <summary>What an incremental run builds on; <see langword="null"/> for a full one, and before <see cref="ChooseBaseAsync"/>.</summary>
    public IncrementalBase? Base => Kind.Base;

    /// <summary>Whether it is only to be found out what would be stored.</summary>
    public bool IsPreview => _request.IsPreview;

    /// <summary>Whether a later part can go on from what this one makes durable.</summary>
    public bool IsResumable => _request.IsResumable;

    /// <summary>Its number, from 1.</summary>
    public int Number => Resumed?.NextPart ?? 1;

    /// <summary>When the first part began.</summary>
    public DateTimeOffset RunStartedAt => Resumed?.Parts[0].StartedAt ?? _startedAt;

    /// <summary>Fires when the run is no longer this process's.</summary>
    public CancellationToken LostToken => _lease?.Lost ?? CancellationToken.None;

    /// <summary>Makes the run this process's, and reads what the parts before left. A preview is nobody's, and has no part before.</summary>
    /// <exception cref="ResumeException">There is no such run, or another process has it.</exception>
    /// <exception cref="SinkException">The sink refuses.</exception>
    public static async Task<RunPart> BeginAsync(
        PipelineParts parts, BackupRequest request, BackupId id, ResourcePlan plan, CancellationToken cancellationToken)
    {
        if (request.IsPreview)
        {
            return new RunPart(parts, request, id, lease: null, resumed: null, plan);
        }

        var lease = await RunLease.AcquireAsync(parts.Sink, id, parts.TimeProvider, cancellationToken).ConfigureAwait(false);
        try
        {
            await AbandonedCleanUp.RunAsync(parts, id, request.TimeBudget, cancellationToken).ConfigureAwait(false);
            var resumed = request.Resume is null
                ? null
                : await ResumeState.ReadAsync(parts.Sink, id, parts.TimeProvider, cancellationToken).ConfigureAwait(false);
            var part = new RunPart(parts, request, id, lease, resumed, plan);
            if (resumed is not null)
            {
                parts.Logger.RunResumed(id.Value, part.Number, resumed.Tables.Count, resumed.Objects.Count);
            }

            return part;
        }
        catch
        {
            await lease.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Finds out what is read, and what an incremental run builds on. Asked before any reader is opened.</summary>
    /// <param name="sources">What is read.</param>
    /// <param name="cancellationToken">Cancels the question to the server, and the search.</param>
    /// <returns>The kind of backup that it becomes.</returns>
    /// <exception cref="BackupNotFoundException">The parent that the request names is not there.</exception>
    /// <exception cref="ParentException">It cannot serve.</exception>
    /// <exception cref="ResumeException">The backup that the parts before were built on is not what it was, or the request names another.</exception>
    public async Task<RunKind> ChooseBaseAsync(OpenedSources sources, CancellationToken cancellationToken)
    {
        _source = await SourceIdentity.ReadAsync(sources, cancellationToken).ConfigureAwait(false);
        var search = new ParentSearch(_parts, _id, _source, _lease, _plan.ParentIndexBytes);
        Kind = this switch
        {
            { Resumed: { } resumed } when _request.Parent is { } other && other != resumed.Parent =>
                throw Different($"the parent: it {(resumed.Parent is { } parent ? $"builds on {parent}" : "makes a full backup")}"),
            { Resumed.Parent: { } parent } => await search.OpenAgainAsync(parent, cancellationToken).ConfigureAwait(false),
            { Resumed: not null } => new RunKind(null, _request.Incremental ? "the run was begun as a full one" : null),
            _ when !_request.Incremental => RunKind.Full,
            _ when _request.Parent is { } named => await search.OpenNamedAsync(named, cancellationToken).ConfigureAwait(false),
            _ => await search.FindLatestAsync(cancellationToken).ConfigureAwait(false),
        };
        return Kind;
    }

    /// <summary>Adds to the database's part of a manifest what tells the database from others.</summary>
    public DatabaseSection? Identify(DatabaseSection? section) =>
        section is null ? null : section with { Oid = _source?.Oid, SystemIdentifier = _source?.Server };

    /// <summary>Prepares the archive of this part, after <see cref="ChooseBaseAsync"/>.</summary>
    /// <param name="sources">What is read.</param>
    /// <param name="tables">The tables of the snapshot.</param>
    /// <exception cref="ResumeException">The request is not that of the parts before, or these reference what cannot be.</exception>
    public ArchiveWriter OpenArchive(OpenedSources sources, IReadOnlyList<TableRun> tables)
    {
        var options = new ArchiveWriterOptions
        {
            VolumeBytes = _parts.Options.VolumeBytes ?? (IsResumable ? BackupOptions.DefaultResumableVolumeBytes : null),
            MaxEntriesPerVolume = _plan.EntriesPerVolume,
            IndexBytes = _plan.IndexBytes,
            Referable = Base is { } found ? ReferableBackups.Of(found.Manifest) : new Dictionary<BackupId, string>(),
            Lease = _lease,
            TimeProvider = _parts.TimeProvider,
        };
        if (Resumed?.References.Backups.Where(id => !options.Referable.ContainsKey(id)).ToList() is { Count: > 0 } foreign)
        {
            throw new ResumeException($"Run {_id} cannot be resumed: it references backup {foreign[0]}, and what it builds on does not.")
            {
                Subject = _id.Value,
                Hint = "The backup that it builds on was changed since, or the run was: begin a new one, and remove this one with 'backup-core clean --all'.",
            };
        }

        if (IsResumable)
        {
            options = options with
            {
                Header = HeaderOf(sources),
                Checkpoints = new CheckpointLedger(tables, sources).TakeAsync,
            };
        }

        return new ArchiveWriter(_parts.Sink, _id, options, Resumed);
    }

    /// <summary>The buckets of this part: those chosen, and those that earlier parts stored objects of and that are gone.</summary>
    public IReadOnlyList<BucketRun> BucketsOf(OpenedSources sources) =>
    [
        .. sources.Buckets
            .Select(bucket => new BucketRun(bucket, Resumed?.Buckets.GetValueOrDefault(bucket.Info.Id) ?? default, _parts.TimeProvider))
            .Concat(GoneBuckets(sources))
            .OrderBy(bucket => bucket.Id, StringComparer.Ordinal),
    ];

    /// <summary>All parts of the run, for its manifest.</summary>
    /// <param name="info">This one's snapshot.</param>
    /// <param name="firstVolume">This one's first volume.</param>
    /// <returns><see langword="null"/> when this one is the only one.</returns>
    public IReadOnlyList<PartRecord>? ToRecords(SnapshotInfo? info, int firstVolume) => Resumed is null ? null :
    [
        .. Resumed.Parts,
        new PartRecord
        {
            Number = Number,
            StartedAt = _startedAt,
            FinishedAt = _parts.TimeProvider.GetUtcNow(),
            SnapshotAt = info?.TakenAt,
            SnapshotLsn = info?.Lsn,
            FirstVolume = firstVolume,
        },
    ];

    /// <summary>The folders of pages that nothing in a finished backup names.</summary>
    /// <returns><see langword="null"/> when there are none.</returns>
    public IReadOnlyList<string>? SupersededBy(CopiedContents copied)
    {
        var named = (copied.Database?.Records.Select(table => table.Path) ?? []).Concat(copied.Failures.Select(failure => failure.Path).OfType<string>());
        return Starts.Superseded(named) is { Count: > 0 } folders ? folders : null;
    }

    /// <summary>Throws the reason why the run is no longer this process's, if it is not.</summary>
    /// <exception cref="ResumeException">It is not.</exception>
    public void ThrowIfLost()
    {
        if (LostToken.IsCancellationRequested)
        {
            _lease?.ThrowIfLost();
        }
    }

    /// <summary>Gives the run free.</summary>
    public ValueTask DisposeAsync()
    {
        Base?.Dispose();
        return _lease?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    private RunHeader HeaderOf(OpenedSources sources)
    {
        var source = _source ?? throw new InvalidOperationException("Nobody has asked what is read.");
        var fingerprint = RequestFingerprint.Of(_parts, _request, source);
        if (Resumed is { } resumed && RequestFingerprint.FindDifference(resumed.Fingerprint, fingerprint) is { } difference)
        {
            throw Different(difference);
        }

        return new RunHeader
        {
            Fingerprint = fingerprint,
            Part = Number,
            Parent = Base?.Id,
            Needs = Base is { } found ? ParentFiles.NeededBy(found.Manifest) : null,
            StartedAt = _startedAt,
            SnapshotAt = sources.Snapshot?.Info.TakenAt,
            SnapshotLsn = sources.Snapshot?.Info.Lsn,
        };
    }

    private ResumeException Different(string difference) => new($"Run {_id} cannot be resumed with this request: it differs in {difference}.")
    {
        Subject = _id.Value,
        Hint = "Resume it with the database, the store and the choice of tables and objects that it was begun with, or begin a new run.",
    };

    private IEnumerable<BucketRun> GoneBuckets(OpenedSources sources)
    {
        var found = sources.Buckets.Select(bucket => bucket.Info.Id).ToHashSet(StringComparer.Ordinal);

        // Nobody knows their settings any more; the strictest do no harm.
        return (Resumed?.Buckets ?? new Dictionary<string, StoredBucket>())
            .Where(bucket => !found.Contains(bucket.Key))
            .Select(bucket => new BucketRun(
                new ChosenBucket(new BucketInfo { Id = bucket.Key, Name = bucket.Key }, 0, 0) { IsGone = true }, bucket.Value, _parts.TimeProvider));
    }
}
