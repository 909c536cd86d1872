using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;
using Backup.Core.Postgres.Schema.Kinds;

namespace Backup.Core.Restore;

/// <summary>
/// The privileges that the target gives others on whatever the restoring role makes (ALTER DEFAULT PRIVILEGES). The backup's objects have
/// privileges of their own: with the target's on top, roles could read what they could not at the source.
/// </summary>
/// <param name="Suspend">The statements that take the default privileges away; empty where there are none.</param>
/// <param name="Resume">The statements that give them back, in the same transaction, so that nobody else ever misses them.</param>
internal sealed record DefaultPrivileges(string Suspend, string Resume)
{
    // Any number that nobody else locks: of several sessions of a restore only one may change the same rows of the catalog at a time.
    private const string Lock = "SELECT pg_catalog.pg_advisory_xact_lock(7096012345678901234);";

    private const string Query =
        $"""
        SELECT current_user::text, n.nspname::text, d.defaclobjtype::text, d.defaclacl::text[], {DefaultAclsReader.StartingPoint},
            current_setting('server_version_num')::int4 / 10000
        FROM pg_catalog.pg_default_acl d LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace
        WHERE d.defaclrole = (SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = current_user)
        ORDER BY n.nspname, d.defaclobjtype
        """;

    /// <summary>No default privileges.</summary>
    public static DefaultPrivileges None { get; } = new("", "");

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => Suspend.Length == 0;

    /// <summary>Reads those of the role that restores.</summary>
    public static async Task<DefaultPrivileges> ReadAsync(TargetSession session, CancellationToken cancellationToken)
    {
        var rows = await session.QueryAsync(
            Query,
            row => (
                Role: row.GetString(0),
                Schema: row.IsDBNull(1) ? null : row.GetString(1),
                Type: row.GetString(2)[0],
                Given: row.GetFieldValue<string[]>(3),
                BuiltIn: row.GetFieldValue<string[]>(4),
                Major: row.GetInt32(5)),
            [],
            cancellationToken).ConfigureAwait(false);
        return new DefaultPrivileges(
            string.Concat(rows.Select(row => Script(row.Role, row.Schema, row.Type, row.Given, row.BuiltIn, row.Major))),
            string.Concat(rows.Select(row => Script(row.Role, row.Schema, row.Type, row.BuiltIn, row.Given, row.Major))));
    }

    /// <summary>The statements that make an entry after the rows, without the default privileges where they would count.</summary>
    public string Around(TocEntry entry, string script) =>
        IsEmpty || entry.Kind is not ("FUNCTION" or "PROCEDURE" or "AGGREGATE" or "MATERIALIZED VIEW" or TocKinds.View)
            ? script
            : Lock + Suspend + script + Resume;

    private static string Script(string role, string? schema, char type, string[] from, string[] to, int majorVersion)
    {
        var (words, kind) = DefaultAclsReader.WordsOf(type);
        var inSchema = schema is null ? "" : $" IN SCHEMA {SqlText.Identifier(schema)}";
        var privileges = new ObjectAcl { Type = kind, Target = words, Owner = role, Items = to, Default = [] };
        return AclScript.Build(privileges, from, majorVersion, $"ALTER DEFAULT PRIVILEGES FOR ROLE {SqlText.Identifier(role)}{inSchema} ");
    }
}
