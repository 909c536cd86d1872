using Backup.Cli.Output;
using Backup.Core.Restore;

namespace Backup.Cli.Documents;

/// <summary>What a restore would do.</summary>
internal sealed record PlanSection
{
    /// <summary>The objects that would be made, in order.</summary>
    public required IReadOnlyList<PlannedObjectSection> Objects { get; init; }

    /// <summary>The tables whose rows would be loaded.</summary>
    public required IReadOnlyList<PlannedTableSection> Tables { get; init; }

    /// <summary>The number of rows.</summary>
    public required long Rows { get; init; }

    /// <summary>Their size as text.</summary>
    public required long RawBytes { get; init; }

    /// <summary>The buckets that files would be put into.</summary>
    public required IReadOnlyList<PlannedBucketSection> Buckets { get; init; }

    /// <summary>The roles that would be created.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>What would be set on the database itself.</summary>
    public required IReadOnlyList<string> DatabaseSettings { get; init; }

    /// <summary>Why the target would not take the restore; none when it would.</summary>
    public required IReadOnlyList<string> Obstacles { get; init; }

    /// <summary>Makes the section.</summary>
    public static PlanSection Of(RestorePlan plan) => new()
    {
        Objects =
        [
            .. plan.Objects.Select(item => new PlannedObjectSection { Kind = item.Kind, Name = item.Name, Exists = item.Exists }),
        ],
        Tables =
        [
            .. plan.Tables.Select(table => new PlannedTableSection
            {
                Schema = table.Schema,
                Name = table.Name,
                Pages = table.Pages,
                Rows = table.Rows,
                RawBytes = table.RawBytes,
            }),
        ],
        Rows = plan.Rows,
        RawBytes = plan.RawBytes,
        Buckets = [.. plan.Buckets.Select(PlannedBucketSection.Of)],
        Roles = plan.Roles,
        DatabaseSettings = plan.DatabaseSettings,
        Obstacles = [.. plan.Obstacles.Select(ErrorReport.OfCommandLine)],
    };
}

/// <summary>One object that would be made.</summary>
internal sealed record PlannedObjectSection
{
    /// <summary>PostgreSQL's word for the kind.</summary>
    public required string Kind { get; init; }

    /// <summary>The object.</summary>
    public required string Name { get; init; }

    /// <summary>Whether the target holds it already.</summary>
    public required bool Exists { get; init; }
}

/// <summary>One table whose rows would be loaded.</summary>
internal sealed record PlannedTableSection
{
    /// <summary>The schema.</summary>
    public required string Schema { get; init; }

    /// <summary>The table.</summary>
    public required string Name { get; init; }

    /// <summary>The number of its pages.</summary>
    public required int Pages { get; init; }

    /// <summary>The number of its rows.</summary>
    public required long Rows { get; init; }

    /// <summary>Their size as text.</summary>
    public required long RawBytes { get; init; }
}
