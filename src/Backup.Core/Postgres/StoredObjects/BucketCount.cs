using Backup.Core.ObjectStores;

namespace Backup.Core.Postgres.StoredObjects;

/// <summary>A bucket, and what a listing of it will give.</summary>
/// <param name="Bucket">The bucket and its settings.</param>
/// <param name="Objects">The number of objects that <see cref="SnapshotObjects.ListObjectsAsync"/> gives for it.</param>
/// <param name="Bytes">The sum of their sizes, those that are known.</param>
internal sealed record BucketCount(BucketInfo Bucket, long Objects, long Bytes);
