namespace Backup.Core.Pipeline;

/// <summary>One bucket of a finished backup.</summary>
/// <param name="Id">The bucket's id.</param>
/// <param name="Objects">The number of its objects that the backup holds.</param>
/// <param name="Bytes">Their size before packing, in bytes.</param>
/// <param name="Failures">The number of its objects that the backup does not hold though they were listed.</param>
/// <param name="Duration">The time from the first object to the last; objects of other buckets were copied meanwhile.</param>
public sealed record BucketResult(string Id, long Objects, long Bytes, long Failures, TimeSpan Duration);
