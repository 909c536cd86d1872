using Backup.Core.Archives;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Backup.Core.Postgres;

namespace Backup.Core.Restore.Files;

/// <summary>The side of a restore that is about stored objects. Its steps are run one after another.</summary>
internal sealed class FilesLane
{
    private readonly FilesPlan _plan;
    private readonly ArchiveReader _archive;
    private readonly RestoreRequest _request;
    private readonly RestoreOptions _options;
    private readonly RestoreTracker _tracker;

    private FilesLane(FilesPlan plan, ArchiveReader archive, RestoreRequest request, RestoreOptions options, RestoreTracker tracker)
    {
        _plan = plan;
        _archive = archive;
        _request = request;
        _options = options;
        _tracker = tracker;
    }

    /// <summary>The store for people, without secrets.</summary>
    public string Location => _plan.Store.Capabilities.Location;

    /// <summary>Whether the store is a Storage server, which writes a row to its database for each upload.</summary>
    public bool WritesRows => _plan.Store.Capabilities.IsListedInDatabase;

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
    public Task ForecastAsync(CancellationToken cancellationToken) => CreateStep(null).RunAsync(cancellationToken);

    /// <summary>Creates the buckets that the store lacks.</summary>
    public Task CreateBucketsAsync(CancellationToken cancellationToken) =>
        new BucketsStep(_plan, _request, _tracker).RunAsync(cancellationToken);

    /// <summary>Restores the objects.</summary>
    /// <param name="database">The database in which the store keeps its rows, to put back ids, owners and times; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Stops the uploads.</param>
    public async Task RunAsync(PostgresSource? database, CancellationToken cancellationToken)
    {
        _tracker.Enter(RestorePhase.Files);
        using var rows = database is null ? null : new ObjectRowsWriter(database, _tracker);
        await CreateStep(rows).RunAsync(cancellationToken).ConfigureAwait(false);
        await (rows?.CompleteAsync([.. _plan.Buckets.Where(work => work.IsCreated).Select(work => work.Bucket)], cancellationToken)
            ?? Task.CompletedTask).ConfigureAwait(false);
    }

    private FilesStep CreateStep(ObjectRowsWriter? rows) =>
        new(_plan, new ObjectRestorer(_archive, _plan.Store, _request, _tracker), rows, _request, _options, _tracker);
}
