using Backup.Core.Postgres;
using Backup.Core.Postgres.Probes;

namespace Backup.Core.Diagnosis;

/// <summary>Judges what a server has said of itself and of what stands before it.</summary>
internal static class ServerChecks
{
    private const string AnyDelay = "-1";

    /// <summary>The server's version.</summary>
    public static CheckFinding Version(ServerFacts server) => server.MajorVersion <= PostgresSource.NewestTestedMajorVersion
        ? CheckFinding.Ok($"PostgreSQL {server.Version}.")
        : CheckFinding.Fail(
            $"PostgreSQL {server.Version} is newer than the versions that this library knows "
                + $"({PostgresSource.OldestMajorVersion} to {PostgresSource.NewestTestedMajorVersion}): a backup of it is refused.",
            "Look for a newer version of this library, or allow a backup without what it does not know (BackupRequest.AllowUnsupported).");

    /// <summary>The database's encoding.</summary>
    public static CheckFinding Encoding(ServerFacts server) => server.Encoding switch
    {
        "UTF8" => CheckFinding.Ok("UTF8."),
        "SQL_ASCII" => CheckFinding.Warn(
            "SQL_ASCII: the server knows bytes and no characters. Rows are copied byte by byte; a name that is not UTF-8 fails the backup.",
            "Restore into a database that is SQL_ASCII as well, or convert this one to UTF8."),
        var other => CheckFinding.Ok($"{other}: rows are kept in it, and converted by a restore into a database of another encoding."),
    };

    /// <summary>Whether reads may be cut off by a primary server.</summary>
    public static CheckFinding Replication(ServerFacts server)
    {
        if (!server.IsStandby)
        {
            return CheckFinding.Ok("This is a primary server.");
        }

        return server.HasStandbyFeedback || server.StandbyDelay == AnyDelay
            ? CheckFinding.Ok("This is a hot standby that lets long reads end.")
            : CheckFinding.Warn(
                $"This is a hot standby that cancels reads which hold up its replay for more than {server.StandbyDelay}.",
                "Turn hot_standby_feedback on there, or set max_standby_streaming_delay to -1 or to more than a backup takes.");
    }

    /// <summary>Whether the server has connections left for a backup.</summary>
    /// <param name="server">The server.</param>
    /// <param name="readers">The connections that are to read rows.</param>
    /// <param name="listsObjects">Whether one more is to list objects.</param>
    public static CheckFinding Connections(ServerFacts server, int readers, bool listsObjects)
    {
        var wanted = readers + (listsObjects ? 2 : 1);
        (int? Free, string Limit)[] limits =
        [
            (server.ServerConnections, "max_connections"),
            (server.RoleConnections, $"the connection limit of the role {server.Role}"),
            (server.DatabaseConnections, "the connection limit of the database"),
        ];
        var (free, limit) = limits.Where(item => item.Free is not null).MinBy(item => item.Free);
        var uses = $"a backup with these settings takes up to {wanted}";
        return free >= wanted
            ? CheckFinding.Ok($"{Amounts.Count(free.Value, "connection")} can be had; {uses}.")
            : CheckFinding.Warn(
                $"Only {Amounts.Count(Math.Max(free!.Value, 0), "connection")} can be had ({limit}); {uses}, and goes on with fewer.",
                "Raise that limit, end sessions that nobody needs, or set fewer connections, so that others keep some.");
    }

    /// <summary>The limits of time that a session begins with.</summary>
    public static CheckFinding TimeLimits(ServerFacts server) => CheckFinding.Ok(server.TimeLimits.Count == 0
        ? "No limit of time is set for this role."
        : $"{string.Join(", ", server.TimeLimits)} for this role; a backup turns this off in its own transactions.");

    /// <summary>Whether the server's table of locks has room for all tables.</summary>
    public static CheckFinding Locks(ServerFacts server, RelationFacts relations)
    {
        // The snapshot's connection locks each table, and so does each that reads it; others need locks too.
        var needed = 2L * relations.Locked;
        var finding = $"Some {Amounts.Count(needed, "lock")} at once for {Amounts.Count(relations.Locked, "table")}; "
            + $"the server has room for about {Amounts.Count(server.Locks, "lock")}, shared by all sessions";
        return needed <= server.Locks / 2
            ? CheckFinding.Ok($"{finding}.")
            : CheckFinding.Warn($"{finding}: there may be too few.", "Raise max_locks_per_transaction (it takes a restart), or back up fewer tables at a time.");
    }

    /// <summary>What stands between the client and the server.</summary>
    public static CheckFinding Pooler(PoolerFacts pooler, int readers)
    {
        const string Direct = "Connect to the server itself, or in session mode (Supabase: port 5432) where you can. "
            + "Restores need that, and a pooler's own time limits (query_timeout, idle_transaction_timeout) may end a long read.";
        var name = pooler.Kind switch
        {
            PoolerKind.PgBouncer => "PgBouncer",
            PoolerKind.Supavisor => "Supavisor",
            _ => "A pooler",
        };
        return pooler switch
        {
            { Kind: PoolerKind.None } => CheckFinding.Ok("None: the server itself answers."),
            { Mode: PoolingMode.Session } => CheckFinding.Ok(
                $"{name} in session mode: each connection has a server to itself. The pooler's own limits of connections count too."),
            { Mode: PoolingMode.Transaction } => CheckFinding.Warn(
                $"{name} in transaction mode: a backup holds up to {readers + 1} of its servers for as long as it reads.", Direct),
            _ => CheckFinding.Warn(
                $"{name} stands in between, and gave no second connection that would show its mode.", Direct),
        };
    }

    /// <summary>Whether several connections can read one snapshot.</summary>
    /// <param name="fault">Why a second connection could not join it; <see langword="null"/> when it could.</param>
    public static CheckFinding Snapshot(string? fault) => fault is null
        ? CheckFinding.Ok("A snapshot was exported, and a second connection joined it.")
        : CheckFinding.Warn(
            $"A snapshot can be exported, but no second connection could join it: {fault}. A backup would read over one connection.",
            "Allow the role, the database or the pooler more connections, or connect to the server itself.");
}
