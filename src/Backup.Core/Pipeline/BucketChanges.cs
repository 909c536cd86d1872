namespace Backup.Core.Pipeline;

/// <summary>What has become of one bucket since the parent of an incremental backup.</summary>
/// <param name="Id">The bucket's id.</param>
/// <param name="Stored">The objects that are new or differ: they are downloaded and stored.</param>
/// <param name="Reused">The objects that are as they were: they are referenced.</param>
/// <param name="Dropped">The parent's objects that the backup has no use for: deleted, renamed, or replaced by other content.</param>
public sealed record BucketChanges(string Id, ChangeAmount Stored, ChangeAmount Reused, ChangeAmount Dropped);
