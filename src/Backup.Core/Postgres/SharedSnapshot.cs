namespace Backup.Core.Postgres;

/// <summary>What another process needs to read the same instant, for as long as the session that exported it lasts.</summary>
/// <param name="Token">The name of the exported snapshot.</param>
/// <param name="Info">The instant and the server.</param>
internal sealed record SharedSnapshot(string Token, SnapshotInfo Info);
