using System.Collections.Frozen;

namespace Backup.Core.Postgres.Presets;

/// <summary>The names that the Supabase platform keeps to itself.</summary>
/// <remarks>
/// The lists are those by which the Supabase CLI dumps a project:
/// <see href="https://github.com/supabase/cli/blob/develop/apps/cli-go/pkg/migration/dump.go"/>.
/// </remarks>
internal static class SupabaseNames
{
    /// <summary>The schema of the Storage server.</summary>
    public const string Storage = "storage";

    /// <summary>The schema that extensions are made in; every project has it.</summary>
    public const string Extensions = "extensions";

    /// <summary>The schema of the functions that triggers of the project's call for webhooks.</summary>
    public const string Webhooks = "supabase_functions";

    /// <summary>The role of the project's owner: no superuser, and the owner of what a project makes itself.</summary>
    public const string ProjectOwner = "postgres";

    /// <summary>The publication that Realtime listens to: every project has it, its tables are the project's.</summary>
    public const string RealtimePublication = "supabase_realtime";

    private const string RealtimeMessages = "supabase_realtime_messages_publication";

    // Their rows are the project's.
    private static readonly FrozenSet<string> SchemasWithRows = FrozenSet.Create(
        StringComparer.Ordinal, "auth", Storage, Webhooks, "cron", "net", "pgmq", "dbdev");

    private static readonly FrozenSet<string> SchemasWithoutRows = FrozenSet.Create(
        StringComparer.Ordinal,
        "information_schema", "_analytics", "_realtime", "_supavisor", "etl", Extensions, "graphql", "graphql_public", "pgbouncer",
        "pgsodium", "pgsodium_masks", "pgtle", "realtime", "repack", "supabase_migrations", "tiger", "tiger_data", "topology", "vault");

    private static readonly string[] SchemaPrefixes = ["pg_", "timescaledb_", "_timescaledb_"];

    private static readonly FrozenSet<QualifiedName> TablesWithoutRows = FrozenSet.Create(
        new QualifiedName("auth", "schema_migrations"),
        new QualifiedName(Storage, "migrations"),
        new QualifiedName(Webhooks, "migrations"),
        new QualifiedName(Storage, "buckets_vectors"),
        new QualifiedName(Storage, "vector_indexes"));

    // Where a project's own role can and does make things; elsewhere all is the platform's whoever owns it.
    private static readonly FrozenSet<string> SchemasOfBoth = FrozenSet.Create(
        StringComparer.Ordinal, "auth", Storage, "realtime", Extensions, "cron", "net", "pgmq");

    // Routines of the platform that older projects have under the name of their own role.
    private static readonly FrozenSet<string> PlatformRoutines = FrozenSet.Create(
        StringComparer.Ordinal,
        "auth.uid", "auth.role", "auth.email", "auth.jwt",
        "extensions.grant_pg_cron_access", "extensions.grant_pg_graphql_access", "extensions.grant_pg_net_access",
        "extensions.pgrst_ddl_watch", "extensions.pgrst_drop_watch", "extensions.set_graphql_placeholder");

    private static readonly FrozenSet<string> Roles = FrozenSet.Create(
        StringComparer.Ordinal,
        "anon", "authenticated", "authenticator", "dashboard_user", "pgbouncer", ProjectOwner, "service_role",
        "pgsodium_keyholder", "pgsodium_keyiduser", "pgsodium_keymaker", "pgtle_admin");

    private static readonly string[] RolePrefixes = ["supabase_", "cli_login_"];

    /// <summary>Whether the platform makes the schema and what is in it.</summary>
    public static bool IsManagedSchema(string schema) =>
        SchemasWithRows.Contains(schema) || SchemasWithoutRows.Contains(schema)
        || Array.Exists(SchemaPrefixes, prefix => schema.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>The extension that makes a schema in which both make things; <see langword="null"/> for one that every project has.</summary>
    public static string? ExtensionOf(string schema) => schema switch
    {
        "cron" => "pg_cron",
        "net" => "pg_net",
        "pgmq" => "pgmq",
        _ => null,
    };

    /// <summary>Whether a table or a sequence of a managed schema holds what is the project's.</summary>
    public static bool HasRows(QualifiedName relation) =>
        SchemasWithRows.Contains(relation.Schema) && !TablesWithoutRows.Contains(relation);

    /// <summary>Whether the rows of a table of any schema are the project's.</summary>
    public static bool HasProjectRows(QualifiedName table, string owner) =>
        !IsManagedSchema(table.Schema) || HasRows(table) || IsMadeByProject(table.Schema, table.Name, owner);

    /// <summary>Whether the platform makes the role and lets nobody else change it.</summary>
    public static bool IsReservedRole(string role) =>
        Roles.Contains(role) || Array.Exists(RolePrefixes, prefix => role.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Whether a parameter that is set for a role of the platform's is the project's to set.</summary>
    public static bool IsProjectSetting(string name) =>
        name is "session_replication_role" or "statement_timeout" or "track_io_timing"
        || name.StartsWith("pgaudit.", StringComparison.Ordinal) || name.StartsWith("pgrst.", StringComparison.Ordinal);

    /// <summary>Whether what the role owns is the platform's.</summary>
    public static bool IsPlatformRole(string role) => role != ProjectOwner && IsReservedRole(role);

    /// <summary>Whether a publication is the platform's, with its tables.</summary>
    public static bool IsPlatformPublication(string name) => name.StartsWith(RealtimeMessages, StringComparison.Ordinal);

    /// <summary>Whether the project itself made an object of a managed schema.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="name">The object's name; a routine's with its argument types.</param>
    /// <param name="owner">The owner; <see langword="null"/> for what has none of its own, which nobody can then tell.</param>
    public static bool IsMadeByProject(string schema, string name, string? owner) =>
        owner is not null && SchemasOfBoth.Contains(schema) && !IsPlatformRole(owner)
        && !PlatformRoutines.Contains($"{schema}.{name.Split('(')[0]}");
}
