namespace Backup.Core.Archives.Resuming;

/// <summary>What earlier parts of a run stored of a bucket.</summary>
/// <param name="Objects">The number of objects.</param>
/// <param name="RawBytes">Their size, in bytes.</param>
internal readonly record struct StoredBucket(long Objects, long RawBytes);
