namespace Backup.Core.Postgres;

/// <summary>The connection that took the snapshot and holds every lock, and the gate that lets one reader at a time use it.</summary>
/// <param name="Connection">The connection.</param>
/// <param name="Gate">Entered for as long as a page is read over the connection.</param>
internal sealed record Coordinator(SnapshotConnection Connection, SemaphoreSlim Gate);
