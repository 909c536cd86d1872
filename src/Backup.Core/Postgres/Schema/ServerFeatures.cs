using System.Collections.Frozen;

namespace Backup.Core.Postgres.Schema;

/// <summary>
/// What the supported versions have in common no more than in part, as far as it can appear in a definition that the server writes: syntax, built-in functions,
/// views, collations, settings and roles.
/// </summary>
/// <remarks>
/// The server writes key words in capitals and names that are not quoted in small letters, so the two cannot be mistaken for each other. Names of
/// functions and views come from comparing the catalogs of the versions; what a definition cannot name sensibly (support functions, those of
/// replication and of binary upgrades) is left out.
/// </remarks>
internal static class ServerFeatures
{
    private static readonly (int Since, string[] Phrases)[] Syntax =
    [
        (15, ["NULLS NOT DISTINCT", "MERGE INTO", "ON DELETE SET NULL (", "ON DELETE SET DEFAULT ("]),
        (16, ["IS JSON", "IS NOT JSON", "SYSTEM_USER", "JSON_OBJECT (", "JSON_ARRAY (", "JSON_OBJECTAGG (", "JSON_ARRAYAGG (", "INDENT"]),
        (17,
        [
            "AT LOCAL", "NOT MATCHED BY SOURCE", "MERGE_ACTION (", "JSON_TABLE (", "JSON_QUERY (", "JSON_VALUE (", "JSON_EXISTS (", "JSON (",
            "JSON_SCALAR (", "JSON_SERIALIZE (",
        ]),
        (18, ["WITHOUT OVERLAPS", "PERIOD", "NOT ENFORCED", "RETURNING WITH ("]),
    ];

    private static readonly (int Since, string[] Names)[] Functions =
    [
        (15,
        [
            "has_parameter_privilege", "pg_backup_start", "pg_backup_stop", "pg_database_collation_actual_version",
            "pg_get_wal_resource_managers", "pg_settings_get_flags", "pg_stat_have_stats", "regexp_count", "regexp_instr", "regexp_like",
            "regexp_substr",
        ]),
        (16,
        [
            "any_value", "array_sample", "array_shuffle", "date_add", "date_subtract", "erf", "erfc", "json_agg_strict", "json_object_agg_strict",
            "json_object_agg_unique", "json_object_agg_unique_strict", "jsonb_agg_strict", "jsonb_object_agg_strict", "jsonb_object_agg_unique",
            "jsonb_object_agg_unique_strict", "pg_input_error_info", "pg_input_is_valid", "pg_log_standby_snapshot", "pg_split_walfile_name",
            "random_normal",
        ]),
        (17,
        [
            "icu_unicode_version", "jsonb_populate_record_valid", "pg_available_wal_summaries", "pg_basetype", "pg_column_toast_chunk_id",
            "pg_get_wait_events", "pg_get_wal_summarizer_state", "pg_sync_replication_slots", "pg_wal_summary_contents", "to_bin", "to_oct",
            "to_regtypemod", "unicode_assigned", "unicode_version", "uuid_extract_timestamp", "uuid_extract_version", "xmltext",
        ]),
        (18,
        [
            "array_reverse", "array_sort", "casefold", "crc32", "crc32c", "gamma", "has_largeobject_privilege", "lgamma", "pg_get_acl", "pg_get_aios",
            "pg_get_loaded_modules", "pg_get_sequence_data", "pg_get_shmem_allocations_numa", "pg_numa_available", "uuidv4", "uuidv7",
        ]),
    ];

    private static readonly (int Before, string[] Names)[] RemovedFunctions =
    [
        (15, ["pg_backup_start_time", "pg_is_in_backup", "pg_start_backup", "pg_stop_backup"]),
    ];

    private static readonly (int Since, string[] Names)[] Views =
    [
        (15, ["pg_ident_file_mappings", "pg_parameter_acl", "pg_publication_namespace", "pg_stat_recovery_prefetch", "pg_stat_subscription_stats"]),
        (16, ["pg_stat_io"]),
        (17, ["pg_stat_checkpointer", "pg_wait_events"]),
        (18, ["pg_aios", "pg_shmem_allocations_numa"]),
    ];

    private static readonly (int Since, string[] Names)[] Collations = [(16, ["unicode"]), (17, ["pg_c_utf8"]), (18, ["pg_unicode_fast"])];

    // What a function may set for itself.
    private static readonly (int Since, string[] Names)[] Settings =
    [
        (15, ["recursive_worktable_factor", "stats_fetch_consistency"]),
        (16,
        [
            "createrole_self_grant", "debug_logical_replication_streaming", "debug_parallel_query", "enable_presorted_aggregate", "icu_validation_level",
            "scram_iterations", "vacuum_buffer_usage_limit",
        ]),
        (17, ["enable_group_by_reordering", "event_triggers", "io_combine_limit", "transaction_timeout"]),
        (18,
        [
            "enable_distinct_reordering", "enable_self_join_elimination", "file_copy_method", "log_lock_failures", "md5_password_warnings",
            "track_cost_delay_timing", "vacuum_max_eager_freeze_failure_rate", "vacuum_truncate",
        ]),
    ];

    private static readonly (int Before, string[] Names)[] RemovedSettings = [(16, ["force_parallel_mode"])];

    private static readonly FrozenDictionary<string, int> Roles = new Dictionary<string, int>
    {
        ["pg_checkpoint"] = 15,
        ["pg_create_subscription"] = 16,
        ["pg_use_reserved_connections"] = 16,
        ["pg_maintain"] = 17,
        ["pg_signal_autovacuum_worker"] = 18,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What can appear in a statement, by the first token.</summary>
    public static FrozenDictionary<string, ServerFeature[]> ByFirstToken { get; } = All()
        .GroupBy(feature => feature.Tokens[0], StringComparer.Ordinal)
        .ToFrozenDictionary(features => features.Key, features => features.ToArray(), StringComparer.Ordinal);

    /// <summary>What a role needs that is made with the server; <see langword="null"/> for all others and those that every version has.</summary>
    public static VersionRequirement? OfRole(string role) =>
        Roles.TryGetValue(role, out var since) ? VersionRequirement.From(since, $"the role {role}") : null;

    private static IEnumerable<ServerFeature> All() =>
    [
        .. Syntax.SelectMany(group => group.Phrases, (group, phrase) =>
            new ServerFeature(phrase.Split(' '), VersionRequirement.From(group.Since, phrase.Replace(" (", "(…)", StringComparison.Ordinal)))),
        .. Functions.SelectMany(group => group.Names, (group, name) =>
            new ServerFeature([name, "("], VersionRequirement.From(group.Since, $"the function {name}"))),
        .. RemovedFunctions.SelectMany(group => group.Names, (group, name) =>
            new ServerFeature([name, "("], VersionRequirement.Until(group.Before, $"the function {name}"))),
        .. Views.SelectMany(group => group.Names, (group, name) =>
            new ServerFeature([name], VersionRequirement.From(group.Since, $"the system view or catalog {name}"))),
        .. Collations.SelectMany(group => group.Names, (group, name) =>
            new ServerFeature(["COLLATE", name], VersionRequirement.From(group.Since, $"the collation {name}"))),
        .. Settings.SelectMany(group => group.Names, (group, name) =>
            new ServerFeature(["SET", name, "TO"], VersionRequirement.From(group.Since, $"the setting {name}"))),
        .. RemovedSettings.SelectMany(group => group.Names, (group, name) =>
            new ServerFeature(["SET", name, "TO"], VersionRequirement.Until(group.Before, $"the setting {name}"))),
    ];
}
