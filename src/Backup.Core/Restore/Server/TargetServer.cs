using System.Data.Common;
using Backup.Core.Postgres;
using Backup.Core.Postgres.Server;

namespace Backup.Core.Restore.Server;

/// <summary>What the target's server has, before anything is changed.</summary>
internal sealed record TargetServer
{
    private const string DatabaseQuery =
        """
        SELECT d.datname::text, current_setting('server_version_num')::int4 / 10000, pg_catalog.pg_encoding_to_char(d.encoding)::text,
            d.datcollate::text, d.datctype::text,
            CASE to_jsonb(d) ->> 'datlocprovider' WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,
            COALESCE(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale'),
            current_user::text, current_setting('is_superuser') = 'on'
        FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()
        """;

    private const string MembershipsQuery =
        """
        SELECT DISTINCT r.rolname::text, m.rolname::text FROM pg_catalog.pg_auth_members a
        JOIN pg_catalog.pg_roles r ON r.oid = a.roleid JOIN pg_catalog.pg_roles m ON m.oid = a.member
        """;

    /// <summary>One of which nothing needs to be known.</summary>
    public static TargetServer Unknown { get; } = new();

    /// <summary>The database's true name.</summary>
    public string Database { get; init; } = "";

    /// <summary>The server's major version.</summary>
    public int MajorVersion { get; init; }

    /// <summary>How the database sorts text; <see langword="null"/> where that was not asked.</summary>
    public DatabaseLocale? Locale { get; init; }

    /// <summary>The role that restores.</summary>
    public string User { get; init; } = "";

    /// <summary>Whether it is a superuser.</summary>
    public bool IsSuperuser { get; init; }

    /// <summary>All roles, those of the server itself included.</summary>
    public IReadOnlySet<string> Roles { get; init; } = new HashSet<string>();

    /// <summary>All memberships, as role and member.</summary>
    public IReadOnlySet<(string Role, string Member)> Memberships { get; init; } = new HashSet<(string, string)>();

    /// <summary>Reads it.</summary>
    public static async Task<TargetServer> ReadAsync(TargetSession session, CancellationToken cancellationToken)
    {
        var found = await session.QueryAsync(DatabaseQuery, ReadDatabase, [], cancellationToken).ConfigureAwait(false);
        var roles = await session.QueryAsync(
            "SELECT r.rolname::text FROM pg_catalog.pg_roles r", row => row.GetString(0), [], cancellationToken).ConfigureAwait(false);
        var memberships = await session.QueryAsync(
            MembershipsQuery, row => (row.GetString(0), row.GetString(1)), [], cancellationToken).ConfigureAwait(false);
        return found[0] with { Roles = roles.ToHashSet(StringComparer.Ordinal), Memberships = memberships.ToHashSet() };
    }

    private static TargetServer ReadDatabase(DbDataReader row) => new()
    {
        Database = row.GetString(0),
        MajorVersion = row.GetInt32(1),
        User = row.GetString(7),
        IsSuperuser = row.GetBoolean(8),
        Locale = new DatabaseLocale
        {
            Encoding = row.GetString(2),
            Collate = row.GetString(3),
            Ctype = row.GetString(4),
            Provider = row.GetString(5),
            Locale = row.IsDBNull(6) ? null : row.GetString(6),
        },
    };
}
