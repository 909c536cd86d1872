namespace Backup.Core.Postgres.Probes;

/// <summary>A bucket as the database has it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="HasObjects">Whether it holds any object.</param>
internal sealed record ProbedBucket(string Id, bool HasObjects);
