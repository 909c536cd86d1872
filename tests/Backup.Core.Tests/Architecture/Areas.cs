namespace Backup.Core.Tests.Architecture;

/// <summary>The folders of src/Backup.Core, lowest first, each with the areas it may use. An area only uses earlier ones.</summary>
internal static class Areas
{
    public const string RootNamespace = "Backup.Core";

    /// <summary>The only area that sees the database driver.</summary>
    public const string Database = "Postgres";

    public static readonly (string Area, string[] MayUse)[] Table =
    [
        ("Errors", []),
        ("Diagnostics", ["Errors"]),
        ("Hosting", ["Errors", "Diagnostics"]),
        ("Compression", ["Errors", "Diagnostics", "Hosting"]),
        ("Sinks", ["Errors", "Diagnostics", "Hosting"]),
        ("ObjectStores", ["Errors", "Diagnostics", "Hosting"]),
        ("Archives", ["Errors", "Diagnostics", "Hosting", "Compression", "Sinks", "ObjectStores"]),
        ("Postgres", ["Errors", "Diagnostics", "Hosting", "ObjectStores"]),
        ("Catalog", ["Errors", "Diagnostics", "Hosting", "Compression", "Sinks", "ObjectStores", "Archives"]),
        ("Verification",
        [
            "Errors", "Diagnostics", "Hosting", "Compression", "Sinks", "ObjectStores", "Archives", "Postgres", "Catalog",
        ]),
        ("Merging",
        [
            "Errors", "Diagnostics", "Hosting", "Compression", "Sinks", "ObjectStores", "Archives", "Postgres", "Catalog",
            "Verification",
        ]),
        ("Health",
        [
            "Errors", "Diagnostics", "Hosting", "Compression", "Sinks", "ObjectStores", "Archives", "Postgres", "Catalog",
            "Verification",
        ]),
        ("Pipeline",
        [
            "Errors", "Diagnostics", "Hosting", "Compression", "Sinks", "ObjectStores", "Archives", "Postgres", "Catalog",
        ]),
        ("Sharding",
        [
            "Errors", "Diagnostics", "Hosting", "Compression", "Sinks", "ObjectStores", "Archives", "Postgres", "Catalog", "Pipeline",
        ]),
        ("Restore",
        [
            "Errors", "Diagnostics", "Hosting", "Compression", "Sinks", "ObjectStores", "Archives", "Postgres", "Catalog",
            "Verification", "Pipeline",
        ]),
        ("Diagnosis",
        [
            "Errors", "Diagnostics", "Hosting", "Compression", "Sinks", "ObjectStores", "Archives", "Postgres", "Catalog", "Pipeline",
        ]),
    ];

    /// <summary>Types outside <see cref="Database"/> that accept a caller's data source on its behalf.</summary>
    public static readonly string[] EntryPoints =
        ["BackupPipelineBuilder", "RestorePipelineBuilder", "BackupServiceBuilder"];

    /// <summary>The area of a type: the namespace segment below the root; empty in the root itself.</summary>
    public static string Of(Type type)
    {
        var space = type.Namespace ?? "";
        return space.StartsWith(RootNamespace + ".", StringComparison.Ordinal)
            ? space[(RootNamespace.Length + 1)..].Split('.')[0]
            : "";
    }
}
