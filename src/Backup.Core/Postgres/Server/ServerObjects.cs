namespace Backup.Core.Postgres.Server;

/// <summary>What belongs to a server and not to a database's schema, as a snapshot shows it.</summary>
/// <param name="MajorVersion">The server's major version.</param>
/// <param name="Database">The database's own settings; <see langword="null"/> where they may not be read.</param>
/// <param name="Roles">The roles; <see langword="null"/> where they were not asked for.</param>
internal sealed record ServerObjects(int MajorVersion, DatabaseSettings? Database, RoleList? Roles)
{
    /// <summary>What a source has that knows of no server.</summary>
    public static ServerObjects None { get; } = new(0, null, null);
}
