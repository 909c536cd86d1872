using Backup.Cli.Output;
using Backup.Core.Catalog;

namespace Backup.Cli.Documents;

/// <summary>The document of <c>clean</c>.</summary>
internal sealed record CleanDocument : CommandDocument
{
    /// <summary>Where the backups are.</summary>
    public required string Location { get; init; }

    /// <summary>The runs that were removed, or would be.</summary>
    public required IReadOnlyList<UnfinishedSection> Removed { get; init; }

    /// <summary>The runs that stay.</summary>
    public required IReadOnlyList<UnfinishedSection> Kept { get; init; }

    /// <summary>How many files were removed beside finished backups, or would be.</summary>
    public required int LeftOverFiles { get; init; }

    /// <summary>Why something was not removed.</summary>
    public required IReadOnlyList<string> Failures { get; init; }

    /// <summary>Makes the document.</summary>
    public static CleanDocument Of(CleanUpReport report, string location, bool isDryRun, int exitCode) => new()
    {
        Command = "clean",
        Status = exitCode != Cli.ExitCode.Complete ? DocumentStatus.CompletedWithFailures
            : isDryRun ? DocumentStatus.Planned : DocumentStatus.Complete,
        ExitCode = exitCode,
        Location = location,
        Removed = [.. report.Removed.Select(UnfinishedSection.Of)],
        Kept = [.. report.Kept.Select(UnfinishedSection.Of)],
        LeftOverFiles = report.LeftOverFiles,
        Failures = [.. report.Failures.Select(failure => ErrorReport.OneLine(failure.Message))],
    };
}
