namespace Backup.Core.Postgres.Schema;

/// <summary>The oids of the system catalogs, which are the same on every server since they were introduced.</summary>
internal static class SystemCatalog
{
    /// <summary><c>pg_default_acl</c>.</summary>
    public const uint DefaultAcl = 826;

    /// <summary><c>pg_type</c>.</summary>
    public const uint Type = 1247;

    /// <summary><c>pg_proc</c>.</summary>
    public const uint Procedure = 1255;

    /// <summary><c>pg_class</c>.</summary>
    public const uint Relation = 1259;

    /// <summary><c>pg_foreign_server</c>.</summary>
    public const uint ForeignServer = 1417;

    /// <summary><c>pg_user_mapping</c>.</summary>
    public const uint UserMapping = 1418;

    /// <summary><c>pg_foreign_data_wrapper</c>.</summary>
    public const uint ForeignDataWrapper = 2328;

    /// <summary><c>pg_am</c>.</summary>
    public const uint AccessMethod = 2601;

    /// <summary><c>pg_amop</c>.</summary>
    public const uint AccessMethodOperator = 2602;

    /// <summary><c>pg_amproc</c>.</summary>
    public const uint AccessMethodProcedure = 2603;

    /// <summary><c>pg_attrdef</c>.</summary>
    public const uint ColumnDefault = 2604;

    /// <summary><c>pg_cast</c>.</summary>
    public const uint Cast = 2605;

    /// <summary><c>pg_constraint</c>.</summary>
    public const uint Constraint = 2606;

    /// <summary><c>pg_conversion</c>.</summary>
    public const uint Conversion = 2607;

    /// <summary><c>pg_language</c>.</summary>
    public const uint Language = 2612;

    /// <summary><c>pg_namespace</c>.</summary>
    public const uint Namespace = 2615;

    /// <summary><c>pg_opclass</c>.</summary>
    public const uint OperatorClass = 2616;

    /// <summary><c>pg_operator</c>.</summary>
    public const uint Operator = 2617;

    /// <summary><c>pg_rewrite</c>.</summary>
    public const uint Rule = 2618;

    /// <summary><c>pg_trigger</c>.</summary>
    public const uint Trigger = 2620;

    /// <summary><c>pg_opfamily</c>.</summary>
    public const uint OperatorFamily = 2753;

    /// <summary><c>pg_extension</c>.</summary>
    public const uint Extension = 3079;

    /// <summary><c>pg_policy</c>.</summary>
    public const uint Policy = 3256;

    /// <summary><c>pg_statistic_ext</c>.</summary>
    public const uint ExtendedStatistics = 3381;

    /// <summary><c>pg_collation</c>.</summary>
    public const uint Collation = 3456;

    /// <summary><c>pg_event_trigger</c>.</summary>
    public const uint EventTrigger = 3466;

    /// <summary><c>pg_transform</c>.</summary>
    public const uint Transform = 3576;

    /// <summary><c>pg_ts_dict</c>.</summary>
    public const uint TextSearchDictionary = 3600;

    /// <summary><c>pg_ts_parser</c>.</summary>
    public const uint TextSearchParser = 3601;

    /// <summary><c>pg_ts_config</c>.</summary>
    public const uint TextSearchConfiguration = 3602;

    /// <summary><c>pg_ts_template</c>.</summary>
    public const uint TextSearchTemplate = 3764;

    /// <summary><c>pg_subscription</c>.</summary>
    public const uint Subscription = 6100;

    /// <summary><c>pg_publication</c>.</summary>
    public const uint Publication = 6104;

    /// <summary><c>pg_publication_rel</c>.</summary>
    public const uint PublicationRelation = 6106;

    /// <summary><c>pg_publication_namespace</c>.</summary>
    public const uint PublicationNamespace = 6237;

    /// <summary>The first oid that <c>initdb</c> does not use: everything below came with the server.</summary>
    public const uint FirstNormalObjectId = 16384;
}
