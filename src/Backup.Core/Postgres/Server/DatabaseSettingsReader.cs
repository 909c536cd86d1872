using Backup.Core.Errors;
using Backup.Core.Postgres.Schema;
using Npgsql;

namespace Backup.Core.Postgres.Server;

/// <summary>Reads the settings of the database that a connection is in, in one query.</summary>
internal static class DatabaseSettingsReader
{
    /// <summary>Reads them.</summary>
    /// <exception cref="DatabaseException">The server refused the query.</exception>
    public static async Task<DatabaseSettings> ReadAsync(ReadContext context, int majorVersion, CancellationToken cancellationToken)
    {
        var rows = await context.QueryAsync(QueryFor(majorVersion), Read, cancellationToken).ConfigureAwait(false);
        return rows.Count == 1
            ? rows[0]
            : throw new DatabaseException("The catalogs do not name the database that the connection is in.")
            {
                Stage = "Schema",
                Category = ErrorCategory.Damaged,
                Hint = "Another session may have renamed it meanwhile: run it again.",
            };
    }

    private static string QueryFor(int majorVersion)
    {
        var provider = majorVersion >= 15 ? "d.datlocprovider" : "'c'";
        var locale = majorVersion switch
        {
            >= 17 => "d.datlocale",
            >= 15 => "d.daticulocale",
            _ => "NULL::text",
        };
        var rules = majorVersion >= 16 ? "d.daticurules" : "NULL::text";
        return $"""
            WITH setting AS (
                SELECT COALESCE(r.rolname::text, '') AS role, i.item, i.place
                FROM pg_catalog.pg_db_role_setting s
                JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase AND d.datname = pg_catalog.current_database()
                LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
                CROSS JOIN pg_catalog.unnest(s.setconfig) WITH ORDINALITY AS i(item, place)
                WHERE s.setrole = 0 OR r.oid IS NOT NULL
            ), label AS (
                SELECT l.provider, l.label FROM pg_catalog.pg_shseclabel l
                JOIN pg_catalog.pg_database d ON d.oid = l.objoid AND d.datname = pg_catalog.current_database()
                WHERE l.classoid = 'pg_catalog.pg_database'::pg_catalog.regclass
            )
            SELECT d.datname::text, pg_catalog.pg_get_userbyid(d.datdba)::text,
                pg_catalog.shobj_description(d.oid, 'pg_database'), d.datistemplate, d.datconnlimit,
                d.datacl::text[], pg_catalog.acldefault('d', d.datdba)::text[],
                ARRAY(SELECT l.provider FROM label l ORDER BY l.provider COLLATE "C"),
                ARRAY(SELECT l.label FROM label l ORDER BY l.provider COLLATE "C"),
                ARRAY(SELECT s.role FROM setting s ORDER BY s.role COLLATE "C", s.place),
                ARRAY(SELECT s.item FROM setting s ORDER BY s.role COLLATE "C", s.place),
                pg_catalog.pg_encoding_to_char(d.encoding)::text, d.datcollate::text, d.datctype::text,
                CASE {provider} WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END, {locale}, {rules}
            FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()
            """;
    }

    private static DatabaseSettings Read(NpgsqlDataReader row)
    {
        var labels = (row.Texts(7) ?? []).Zip(row.Texts(8) ?? [], (provider, label) => new ServerLabel { Provider = provider, Label = label });
        var settings = (row.Texts(9) ?? []).Zip(row.Texts(10) ?? [], (role, item) => (Role: role, Setting: ServerSetting.Parse(item))).ToList();
        return new DatabaseSettings
        {
            Version = DatabaseSettings.CurrentVersion,
            Name = row.GetString(0),
            Owner = row.GetString(1),
            Comment = row.Text(2),
            IsTemplate = row.GetBoolean(3),
            ConnectionLimit = row.GetInt32(4),
            Privileges = row.Texts(5),
            DefaultPrivileges = row.Texts(6) ?? [],
            Labels = [.. labels],
            Settings = [.. settings.Where(item => item.Role.Length == 0).Select(item => item.Setting)],
            RoleSettings = [.. settings.Where(item => item.Role.Length > 0).Select(item => new RoleSetting { Role = item.Role, Setting = item.Setting })],
            Locale = new DatabaseLocale
            {
                Encoding = row.GetString(11),
                Collate = row.GetString(12),
                Ctype = row.GetString(13),
                Provider = row.GetString(14),
                Locale = row.Text(15),
                IcuRules = row.Text(16),
            },
        };
    }
}
