namespace Backup.Core.Pipeline;

/// <summary>What a run has done so far, of all that grows.</summary>
/// <param name="Bytes">The raw bytes read, of rows and objects.</param>
/// <param name="Rows">The rows read.</param>
/// <param name="Objects">The objects dealt with.</param>
/// <param name="StoredBytes">The bytes written into volumes.</param>
internal readonly record struct RunCounts(long Bytes, long Rows, long Objects, long StoredBytes);
