using Backup.Core.ObjectStores;

namespace Backup.Core.Pipeline.Stages.Objects;

/// <summary>An object as the listing gave it.</summary>
/// <param name="Bucket">Its bucket in this run.</param>
/// <param name="Item">The object.</param>
internal readonly record struct ListedObject(BucketRun Bucket, StoredObject Item);
