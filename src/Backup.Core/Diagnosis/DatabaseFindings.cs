using Backup.Core.Postgres.Probes;

namespace Backup.Core.Diagnosis;

/// <summary>What the checks of the database leave for those of the other areas.</summary>
/// <param name="TableBytes">About how many bytes the rows take; <see langword="null"/> when that is not known.</param>
/// <param name="Buckets">The buckets of Supabase Storage; <see langword="null"/> when the database does not show them.</param>
internal sealed record DatabaseFindings(long? TableBytes, IReadOnlyList<ProbedBucket>? Buckets)
{
    /// <summary>Nothing is known.</summary>
    public static DatabaseFindings None { get; } = new(null, null);
}
