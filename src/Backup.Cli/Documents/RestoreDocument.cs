using Backup.Cli.Output;
using Backup.Core.Restore;

namespace Backup.Cli.Documents;

/// <summary>The document of <c>restore</c>.</summary>
internal sealed record RestoreDocument : CommandDocument
{
    /// <summary>The backup's id.</summary>
    public required string Id { get; init; }

    /// <summary>The database that was restored into, without secrets.</summary>
    public required string Target { get; init; }

    /// <summary>When the run began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long it took.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>The number of objects that were made.</summary>
    public required int Objects { get; init; }

    /// <summary>The number of rows that were loaded.</summary>
    public required long Rows { get; init; }

    /// <summary>Their size as text.</summary>
    public required long RawBytes { get; init; }

    /// <summary>The roles that were created; none after a dry run.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>The tables whose rows were restored; none after a dry run.</summary>
    public required IReadOnlyList<RestoredTableSection> Tables { get; init; }

    /// <summary>The buckets whose files were restored; none after a dry run.</summary>
    public required IReadOnlyList<RestoredBucketSection> Buckets { get; init; }

    /// <summary>What is worth knowing though nothing failed.</summary>
    public required IReadOnlyList<string> Notices { get; init; }

    /// <summary>What failed.</summary>
    public required IReadOnlyList<RestoreFailureSection> Failures { get; init; }

    /// <summary>What was left out though it belongs to what was chosen.</summary>
    public required IReadOnlyList<LeftOutSection> LeftOut { get; init; }

    /// <summary>What the target's server cannot make.</summary>
    public required IReadOnlyList<LeftOutSection> Unsupported { get; init; }

    /// <summary>The plan; of a dry run only.</summary>
    public PlanSection? Plan { get; init; }

    /// <summary>Makes the document.</summary>
    public static RestoreDocument Of(RestoreResult result, string target, int exitCode) => new()
    {
        Command = "restore",
        Status = result.Outcome switch
        {
            RestoreOutcome.Planned => DocumentStatus.Planned,
            RestoreOutcome.Complete => DocumentStatus.Complete,
            _ => DocumentStatus.CompletedWithFailures,
        },
        ExitCode = exitCode,
        Id = result.Backup.Value,
        Target = target,
        StartedAt = result.StartedAt,
        DurationSeconds = result.Duration.TotalSeconds,
        Objects = result.Objects,
        Rows = result.Rows,
        RawBytes = result.RawBytes,
        Roles = result.Roles,
        Tables =
        [
            .. result.Tables.Select(table => new RestoredTableSection
            {
                Schema = table.Schema,
                Name = table.Name,
                Rows = table.Rows,
                RawBytes = table.RawBytes,
                Complete = table.IsComplete,
            }),
        ],
        Buckets = [.. result.Buckets.Select(RestoredBucketSection.Of)],
        Notices = result.Notices,
        Failures =
        [
            .. result.Failures.Select(failure => new RestoreFailureSection
            {
                Kind = failure.Kind,
                Subject = failure.Subject,
                Reason = failure.Reason,
                Statement = failure.Statement,
                SqlState = failure.SqlState,
                Hint = failure.Hint is { } hint ? ErrorReport.OfCommandLine(hint) : null,
            }),
        ],
        LeftOut = LeftOutSection.Of(result.Plan.LeftOut),
        Unsupported = LeftOutSection.Of(result.Plan.Unsupported),
        Plan = result.Outcome == RestoreOutcome.Planned ? PlanSection.Of(result.Plan) : null,
    };
}

/// <summary>One table whose rows were restored.</summary>
internal sealed record RestoredTableSection
{
    /// <summary>The schema.</summary>
    public required string Schema { get; init; }

    /// <summary>The table.</summary>
    public required string Name { get; init; }

    /// <summary>The number of rows in it.</summary>
    public required long Rows { get; init; }

    /// <summary>Their size as text.</summary>
    public required long RawBytes { get; init; }

    /// <summary>Whether all rows are there; a table that is not complete is empty.</summary>
    public required bool Complete { get; init; }
}

/// <summary>One item that could not be restored.</summary>
internal sealed record RestoreFailureSection
{
    /// <summary>PostgreSQL's word for the kind.</summary>
    public required string Kind { get; init; }

    /// <summary>The item.</summary>
    public required string Subject { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>The statement that failed.</summary>
    public string? Statement { get; init; }

    /// <summary>The server's SQLSTATE.</summary>
    public string? SqlState { get; init; }

    /// <summary>What to do about it.</summary>
    public string? Hint { get; init; }
}

/// <summary>One object that a restore leaves out.</summary>
internal sealed record LeftOutSection
{
    /// <summary>Makes the sections.</summary>
    public static IReadOnlyList<LeftOutSection> Of(IEnumerable<LeftOutObject> items) =>
        [.. items.Select(item => new LeftOutSection { Kind = item.Kind, Name = item.Name, Reason = item.Reason })];

    /// <summary>PostgreSQL's word for the kind.</summary>
    public required string Kind { get; init; }

    /// <summary>The object.</summary>
    public required string Name { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }
}
