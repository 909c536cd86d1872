namespace Backup.Core.Postgres.Probes;

/// <summary>For how long a pooler leaves a server's connection to a client.</summary>
internal enum PoolingMode
{
    /// <summary>It could not be found out.</summary>
    Unknown,

    /// <summary>As long as the client is connected.</summary>
    Session,

    /// <summary>For one transaction, or less.</summary>
    Transaction,
}
