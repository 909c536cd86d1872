using Backup.Core.Archives.Manifest;
using Backup.Core.ObjectStores;

namespace Backup.Core.Pipeline;

/// <summary>What a run copied of an object store, in ordinal order of the buckets: for the manifest and the result.</summary>
/// <param name="Section">The store's part of the manifest.</param>
/// <param name="Results">The buckets, for the caller.</param>
/// <param name="Failures">The objects that are not in the archive.</param>
internal sealed record CopiedStorage(
    StorageSection Section, IReadOnlyList<BucketResult> Results, IReadOnlyList<FailureRecord> Failures)
{
    /// <summary>Sums up buckets and, when they are finished, proves of each that no object was lost.</summary>
    /// <exception cref="Errors.ObjectStoreException">One was.</exception>
    public static CopiedStorage Of(
        string location, ObjectListingMethod listing, string prefix, IReadOnlyList<BucketRun> buckets, ObjectFailures failures, bool isFinished)
    {
        foreach (var bucket in isFinished ? buckets : [])
        {
            bucket.Prove();
        }

        var section = new StorageSection
        {
            Location = location,
            Listing = listing,
            Prefix = prefix,
            Buckets = [.. buckets.Select(bucket => bucket.ToRecord())],
        };
        return new CopiedStorage(section, [.. buckets.Select(bucket => bucket.ToResult())], failures.ToRecords());
    }
}
