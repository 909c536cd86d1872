namespace Backup.Core.Postgres.LargeObjects;

/// <summary>A place in the row of all large objects, by oid, each with its bytes.</summary>
/// <param name="Oid">The large object.</param>
/// <param name="Offset">The byte in it, a multiple of <see cref="LargeObjectQueries.ChunkBytes"/>.</param>
internal readonly record struct LargeObjectPlace(uint Oid, long Offset);
