namespace Backup.Core.Restore;

/// <summary>What became of one bucket's objects.</summary>
/// <param name="Id">The bucket's id.</param>
/// <param name="IsCreated">Whether the run created the bucket.</param>
/// <param name="Uploaded">The objects that were uploaded.</param>
/// <param name="Skipped">The objects that were there already and identical.</param>
/// <param name="Failed">The objects that are not there, or not as the backup has them. The first of them are named in
/// <see cref="RestoreResult.Failures"/>.</param>
public sealed record RestoredBucket(string Id, bool IsCreated, ObjectCount Uploaded, ObjectCount Skipped, ObjectCount Failed);
