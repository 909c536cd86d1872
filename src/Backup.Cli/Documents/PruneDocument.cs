using System.Text.Json;
using Backup.Cli.Output;
using Backup.Core.Catalog.Retention;

namespace Backup.Cli.Documents;

/// <summary>The document of <c>prune</c>.</summary>
internal sealed record PruneDocument : CommandDocument
{
    /// <summary>Where the backups are.</summary>
    public required string Location { get; init; }

    /// <summary>The finished backups, newest first, with what becomes of each.</summary>
    public required IReadOnlyList<PrunedBackupSection> Backups { get; init; }

    /// <summary>The ids of the backups that were removed, or would be, in that order.</summary>
    public required IReadOnlyList<string> Removed { get; init; }

    /// <summary>The ids of the backups of which an interrupted prune had left files; absent when there are none.</summary>
    public IReadOnlyList<string>? Finished { get; init; }

    /// <summary>The size of all files that were removed, or would be.</summary>
    public required long FreedBytes { get; init; }

    /// <summary>Why something was not removed.</summary>
    public required IReadOnlyList<string> Failures { get; init; }

    /// <summary>Makes the document.</summary>
    public static PruneDocument Of(PruneReport report, string location, bool isDryRun, int exitCode) => new()
    {
        Command = "prune",
        Status = exitCode != Cli.ExitCode.Complete ? DocumentStatus.CompletedWithFailures
            : isDryRun ? DocumentStatus.Planned : DocumentStatus.Complete,
        ExitCode = exitCode,
        Location = location,
        Backups = [.. report.Plan.Backups.Select(PrunedBackupSection.Of)],
        Removed = [.. report.Removed.Select(id => id.Value)],
        Finished = report.Finished.Count == 0 ? null : [.. report.Finished.Select(id => id.Value)],
        FreedBytes = report.FreedBytes,
        Failures = [.. report.Failures.Select(failure => ErrorReport.OneLine(failure.Message))],
    };
}

/// <summary>What becomes of one backup.</summary>
internal sealed record PrunedBackupSection
{
    /// <summary>The backup's id.</summary>
    public required string Id { get; init; }

    /// <summary>The instant that it shows.</summary>
    public required DateTimeOffset ShownAt { get; init; }

    /// <summary>The size of its own files.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>Whether it stays.</summary>
    public required bool Kept { get; init; }

    /// <summary>Why.</summary>
    public required IReadOnlyList<PruneReasonSection> Reasons { get; init; }

    /// <summary>Makes a section.</summary>
    public static PrunedBackupSection Of(PruneDecision backup) => new()
    {
        Id = backup.Id.Value,
        ShownAt = backup.ShownAt,
        StoredBytes = backup.Bytes,
        Kept = backup.IsKept,
        Reasons =
        [
            .. backup.Reasons.Select(reason => new PruneReasonSection
            {
                Kind = JsonNamingPolicy.CamelCase.ConvertName(reason.Kind.ToString()),
                By = reason.By?.Value,
            }),
        ],
    };
}

/// <summary>One reason why a backup is kept or removed.</summary>
internal sealed record PruneReasonSection
{
    /// <summary>The reason: <c>daily</c>, <c>neededByBackup</c>, …</summary>
    public required string Kind { get; init; }

    /// <summary>The id of the backup or run that needs it.</summary>
    public string? By { get; init; }
}
