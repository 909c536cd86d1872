namespace Backup.Core.Postgres.Probes;

/// <summary>What stands between the client and the server, and how it shares connections out.</summary>
/// <param name="Kind">The pooler.</param>
/// <param name="Mode">Its mode; without a meaning where there is none.</param>
internal sealed record PoolerFacts(PoolerKind Kind, PoolingMode Mode);
