using Backup.Core.Errors;
using Backup.Core.Hosting;
using Backup.Core.ObjectStores;
using Backup.Core.Postgres.Probes;

namespace Backup.Core.Diagnosis;

/// <summary>Asks the object store all that a backup depends on. Nothing is changed there.</summary>
/// <param name="store">The store.</param>
/// <param name="selection">The buckets and objects that are to be backed up.</param>
/// <param name="run">Makes the checks.</param>
internal sealed class StorageChecks(IObjectStore store, ObjectSelection selection, CheckRun run)
{
    private const DiagnosisArea Area = DiagnosisArea.Storage;

    // Whether there is such an object makes no difference: an answer is what is wanted.
    private const string AnyBucket = "backup-core-diagnose";
    private const string AnyObject = "none";

    // Listing goes on until there is an object to read; in a store of empty buckets it need not ask for all of them.
    private const int MaxListedBuckets = 10;
    private const int MaxListedObjects = 100;
    private const int MaxReadBytes = 64 * 1024;

    private string Location => store.Capabilities.Location;

    /// <summary>Makes the checks.</summary>
    /// <param name="ofDatabase">The buckets that the database has; <see langword="null"/> when that is not known.</param>
    /// <param name="cancellationToken">Ends them.</param>
    public async Task RunAsync(IReadOnlyList<ProbedBucket>? ofDatabase, CancellationToken cancellationToken)
    {
        if (!await run.MakeAsync(Area, "reachable", ReachAsync, cancellationToken).ConfigureAwait(false)
            || await ListBucketsAsync(cancellationToken).ConfigureAwait(false) is not { } buckets)
        {
            return;
        }

        run.Conclude(Area, "buckets", Judge(buckets, ofDatabase));
        var first = await ListObjectsAsync([.. buckets.Where(selection.Includes)], cancellationToken).ConfigureAwait(false);
        if (first?.Object is { } found)
        {
            await run.MakeAsync(Area, "read", token => ReadAsync(found, token), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Judges the buckets that the key sees.</summary>
    private CheckFinding Judge(IReadOnlyList<string> buckets, IReadOnlyList<ProbedBucket>? ofDatabase)
    {
        var unmatched = selection.Unmatched([.. buckets]).ToList();
        if (unmatched.Count > 0)
        {
            return CheckFinding.Fail(
                $"No bucket of {Location} fits '{string.Join("', '", unmatched)}'.",
                "Check the pattern, in which case counts, and that the key sees the bucket.");
        }

        // A key of another project sees its own buckets, and no error tells.
        var filled = ofDatabase?.Where(bucket => bucket.HasObjects && selection.Includes(bucket.Id)).Select(bucket => bucket.Id).ToList() ?? [];
        if (filled.Count > 0 && !filled.Intersect(buckets).Any())
        {
            return CheckFinding.Fail(
                $"{Location} shows none of the buckets that hold objects by the database: {Amounts.Names(filled)}.",
                "Use the project's service key, and the database and the Storage address of one project.");
        }

        var chosen = buckets.Where(selection.Includes).ToList();
        return chosen.Count == 0
            ? CheckFinding.Warn("There is no bucket to back up.", "Check the address: an empty project has none.")
            : CheckFinding.Ok($"{Amounts.Count(chosen.Count, "bucket")} to back up, of {buckets.Count}: {Amounts.Names(chosen)}.");
    }

    private async Task<CheckFinding> ReachAsync(CancellationToken cancellationToken)
    {
        var startedAt = run.TimeProvider.GetTimestamp();
        try
        {
            _ = await store.FindObjectAsync(AnyBucket, AnyObject, cancellationToken).ConfigureAwait(false);
        }
        catch (ObjectStoreException exception) when (exception.Error
            is ObjectStoreError.AccessDenied or ObjectStoreError.BucketNotFound or ObjectStoreError.ObjectNotFound or ObjectStoreError.InvalidName)
        {
            // Refused, and so reached.
        }

        return CheckFinding.Ok($"{Location} answered within {Amounts.Time(run.TimeProvider.GetElapsedTime(startedAt))}.");
    }

    private Task<IReadOnlyList<string>?> ListBucketsAsync(CancellationToken cancellationToken) => run.AskAsync<IReadOnlyList<string>>(
        Area,
        "key",
        async token =>
        {
            var buckets = new List<string>();
            await foreach (var bucket in store.ListBucketsAsync(token).ConfigureAwait(false))
            {
                buckets.Add(bucket.Id);
            }

            return (buckets, CheckFinding.Ok(store.Capabilities.IsListedInDatabase
                ? "The key may list the buckets, and no policy applies to it as far as it tells."
                : "The buckets can be listed."));
        },
        cancellationToken);

    private Task<FoundObject?> ListObjectsAsync(IReadOnlyList<string> buckets, CancellationToken cancellationToken) => run.AskAsync(
        Area,
        "listing",
        async token =>
        {
            foreach (var bucket in buckets.Take(MaxListedBuckets))
            {
                StoredObject? first = null;
                var count = 0;
                await foreach (var item in store.ListObjectsAsync(bucket, selection.Prefix, token).ConfigureAwait(false))
                {
                    first ??= item;
                    if (++count == MaxListedObjects)
                    {
                        break;
                    }
                }

                if (first is not null)
                {
                    return (new FoundObject(first), CheckFinding.Ok($"The first {Amounts.Count(count, "object")} of bucket '{bucket}' were listed."));
                }
            }

            return (new FoundObject(null), CheckFinding.Ok("No object was found in the first buckets; their listings ended without an error."));
        },
        cancellationToken);

    private async Task<CheckFinding> ReadAsync(StoredObject item, CancellationToken cancellationToken)
    {
        var name = $"{item.Bucket}/{item.Name}";
        try
        {
            var content = await store.OpenReadAsync(item.Bucket, item.Name, 0, cancellationToken).ConfigureAwait(false);
            await using var disposal = content.ConfigureAwait(false);
            var read = await content.Content.ReadAsync(new byte[MaxReadBytes], cancellationToken).ConfigureAwait(false);
            return CheckFinding.Ok($"The first {ExplainedValue.Bytes(read)} of '{name}' were read.");
        }
        catch (ObjectStoreException exception) when (exception.Error != ObjectStoreError.AccessDenied)
        {
            return CheckFinding.Warn(exception.Message, exception.Hint ?? "A backup names each object that it cannot read, and goes on.");
        }
    }

    /// <summary>What the listing came upon.</summary>
    /// <param name="Object">The first object; <see langword="null"/> when there is none.</param>
    private sealed record FoundObject(StoredObject? Object);
}
