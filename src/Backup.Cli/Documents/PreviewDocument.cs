using System.Text.Json;
using Backup.Cli.Output;
using Backup.Core.Pipeline;

namespace Backup.Cli.Documents;

/// <summary>The document of <c>create --incremental --preview</c>.</summary>
internal sealed record PreviewDocument : CommandDocument
{
    /// <summary>Where the backups are kept.</summary>
    public required string Location { get; init; }

    /// <summary>What the backup would be: <c>incremental</c> or <c>full</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Why it would be full, or not build on the latest one.</summary>
    public string? KindReason { get; init; }

    /// <summary>The backup that it would build on.</summary>
    public string? Parent { get; init; }

    /// <summary>How long it took to find out.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>What would be stored, reused and dropped.</summary>
    public required ChangesSection Changes { get; init; }

    /// <summary>What could not be read.</summary>
    public required IReadOnlyList<FailureSection> Failures { get; init; }

    /// <summary>Makes the document.</summary>
    public static PreviewDocument Of(BackupPreview preview, string location, int exitCode) => new()
    {
        Command = "create",
        Status = exitCode == Cli.ExitCode.Complete ? DocumentStatus.Planned : DocumentStatus.CompletedWithFailures,
        ExitCode = exitCode,
        Location = location,
        Kind = JsonNamingPolicy.CamelCase.ConvertName(preview.Kind.ToString()),
        KindReason = preview.KindReason is { } reason ? ErrorReport.OfCommandLine(reason) : null,
        Parent = preview.Parent?.Value,
        DurationSeconds = preview.Duration.TotalSeconds,
        Changes = ChangesSection.Of(preview.Changes),
        Failures = FailureSection.Of(preview.Failures),
    };
}
