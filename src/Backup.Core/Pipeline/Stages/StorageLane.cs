using Backup.Core.Archives;
using Backup.Core.Archives.Referencing;
using Backup.Core.Archives.Resuming;
using Backup.Core.ObjectStores;
using Backup.Core.Pipeline.Sources;
using Backup.Core.Pipeline.Stages.Objects;

namespace Backup.Core.Pipeline.Stages;

/// <summary>The stages that list and download the objects of a store.</summary>
/// <param name="parts">The pipeline.</param>
/// <param name="store">Where objects are downloaded from.</param>
/// <param name="listing">What names them.</param>
/// <param name="buckets">The buckets to copy.</param>
/// <param name="prefix">What names must begin with.</param>
/// <param name="kept">What earlier parts of the run stored; <see langword="null"/> in a run of one part.</param>
/// <param name="parent">What an incremental run builds on; <see langword="null"/> for a full backup.</param>
/// <param name="isPreview">Whether it is only counted what the run would do.</param>
/// <param name="failures">Told of objects that cannot be backed up.</param>
/// <param name="counts">Told how far it is.</param>
internal sealed class StorageLane(
    PipelineParts parts,
    IObjectStore store,
    ObjectListing listing,
    IReadOnlyList<BucketRun> buckets,
    string prefix,
    ResumeState? kept,
    ParentIndex? parent,
    bool isPreview,
    ObjectFailures failures,
    ObjectCounts counts)
{
    // Enough for the downloads to go on while the next page of a listing is fetched.
    private const int LookAhead = 1000;

    private FileListingStage? _fileListing;

    /// <summary>Gives the objects their paths; <see langword="null"/> for paths of this run alone.</summary>
    public ObjectPaths? Paths { get; init; }

    /// <summary>Whether every object has been listed and dealt with, once the stages have ended; the deadline may have come before.</summary>
    public bool IsComplete => _fileListing is { IsComplete: true } && buckets.All(bucket => bucket.IsSettled);

    /// <summary>Adds the stages.</summary>
    /// <param name="graph">Where to.</param>
    /// <param name="lane">What both lanes work with.</param>
    /// <param name="rowsRead">The end of the reading of rows.</param>
    /// <returns>A task that ends when all objects have been listed, or the run has stopped.</returns>
    public Task AddTo(StageGraph graph, LaneContext lane, Task rowsRead)
    {
        var transfers = lane.Context.Plan.Transfers;
        var listed = graph.Connect<ListedObject>(LookAhead);
        var wanted = graph.Connect<ObjectTask>(transfers);
        var rules = new ObjectReadRules(
            store,
            listing.HasUserMetadata,
            counts,
            failures,
            counts.Telemetry,
            new StoreSilence(counts, parts.TimeProvider),
            lane.Deadline,
            parts.Options.Timeouts.Item,
            parts.TimeProvider);

        _fileListing = new FileListingStage(listing, buckets, prefix, counts, lane.Deadline, listed.Writer);
        var unchanged = parent is null ? null : new UnchangedObjects(parent, listing.HasUserMetadata);
        var changeRules = new ChangeRules(parts.Compressor, kept, unchanged, isPreview, lane.Context.References, counts) { Paths = Paths };
        var changeFilter = new ChangeFilterStage(changeRules, listed.Reader, wanted.Writer);
        var download = new DownloadStage(transfers, rules, lane.Budget, lane.Context, wanted.Reader, lane.Blocks);
        var end = graph.Add("FileListing", 1, listed.Writer, (_, token) => _fileListing.RunAsync(rowsRead, token));
        _ = graph.Add("ChangeFilter", 1, wanted.Writer, (_, token) => changeFilter.RunAsync(token));
        _ = graph.Add("Download", transfers, lane.Blocks, (_, token) => download.RunAsync(token));
        return end;
    }
}
