namespace Backup.Core.Postgres;

/// <summary>How much was ever written to a table, by the server's cumulative statistics.</summary>
/// <param name="Inserted">The rows that were inserted.</param>
/// <param name="Updated">The rows that were updated.</param>
/// <param name="Deleted">The rows that were deleted.</param>
/// <param name="Epoch">What changes whenever the counters may have begun anew.</param>
internal sealed record TableWrites(long Inserted, long Updated, long Deleted, string Epoch);
