namespace Backup.Core.Postgres.Probes;

/// <summary>What stands between the client and the server.</summary>
internal enum PoolerKind
{
    /// <summary>Nothing: the server itself answers.</summary>
    None,

    /// <summary>PgBouncer.</summary>
    PgBouncer,

    /// <summary>Supavisor, the shared pooler of Supabase.</summary>
    Supavisor,

    /// <summary>A pooler or proxy that does not say what it is.</summary>
    Other,
}
