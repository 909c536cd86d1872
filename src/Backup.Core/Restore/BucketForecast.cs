namespace Backup.Core.Restore;

/// <summary>What a dry run found that would become of a bucket's objects.</summary>
/// <param name="Created">Those that the bucket lacks: they would be uploaded.</param>
/// <param name="Skipped">Those that are there already and identical: they would stay as they are.</param>
/// <param name="Overwritten">Those that are there already and would be overwritten.</param>
/// <param name="Conflicting">Those that are there already and, by <see cref="ConflictPolicy.Fail"/>, would fail.</param>
public sealed record BucketForecast(ObjectCount Created, ObjectCount Skipped, ObjectCount Overwritten, ObjectCount Conflicting);
