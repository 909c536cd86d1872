using Backup.Core.Archives;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;

namespace Backup.Core.Restore.Files;

/// <summary>The side of a restore that is about stored objects. Its steps are run one after another.</summary>
internal sealed class FilesLane
{
    private readonly FilesPlan _plan;
    private readonly FilesStep _step;
    private readonly RestoreRequest _request;
    private readonly RestoreTracker _tracker;

    private FilesLane(FilesPlan plan, ArchiveReader archive, RestoreRequest request, RestoreOptions options, RestoreTracker tracker)
    {
        _plan = plan;
        _request = request;
        _tracker = tracker;
        _step = new FilesStep(plan, new ObjectRestorer(archive, plan.Store, request, tracker), request, options, tracker);
    }

    /// <summary>The store for people, without secrets.</summary>
    public string Location => _plan.Store.Capabilities.Location;

    /// <summary>Examines the backup and the store; changes nothing.</summary>
    /// <exception cref="RestoreException">The backup holds no stored objects, or nothing that was chosen.</exception>
    /// <exception cref="ArchiveFormatException">The index or the list of buckets is damaged.</exception>
    /// <exception cref="ObjectStoreException">The store cannot be reached, or the key is wrong.</exception>
    public static async Task<FilesLane> PrepareAsync(
        ArchiveReader archive,
        IObjectStore store,
        RestoreRequest request,
        RestoreOptions options,
        RestoreTracker tracker,
        CancellationToken cancellationToken)
    {
        var plan = await new FilesInspection(archive, store, request, tracker).InspectAsync(cancellationToken).ConfigureAwait(false);
        return new FilesLane(plan, archive, request, options, tracker);
    }

    /// <summary>The buckets of the plan.</summary>
    public IReadOnlyList<PlannedBucket> ToPlan() => [.. _plan.Buckets.Select(work => work.ToPlan(_request.DryRun))];

    /// <summary>The buckets of the result.</summary>
    public IReadOnlyList<RestoredBucket> ToResult() => _request.DryRun ? [] : [.. _plan.Buckets.Select(work => work.ToResult())];

    /// <summary>In a dry run: finds out what would become of each object.</summary>
    public Task ForecastAsync(CancellationToken cancellationToken) => _step.RunAsync(cancellationToken);

    /// <summary>Creates the buckets that the store lacks.</summary>
    public Task CreateBucketsAsync(CancellationToken cancellationToken) =>
        new BucketsStep(_plan, _request, _tracker).RunAsync(cancellationToken);

    /// <summary>Restores the objects.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _tracker.Enter(RestorePhase.Files);
        await _step.RunAsync(cancellationToken).ConfigureAwait(false);
    }
}
