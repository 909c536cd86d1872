using System.Text.Json;
using Backup.Cli.Output;
using Backup.Core.Diagnosis;

namespace Backup.Cli.Documents;

/// <summary>The document of <c>diagnose</c>.</summary>
internal sealed record DiagnoseDocument : CommandDocument
{
    /// <summary>The worst of the checks: <c>ok</c>, <c>warn</c> or <c>fail</c>.</summary>
    public required string Verdict { get; init; }

    /// <summary>How many checks failed.</summary>
    public required int Failures { get; init; }

    /// <summary>How many checks are warnings.</summary>
    public required int Warnings { get; init; }

    /// <summary>How long all of them took.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>The checks in the order in which they were made.</summary>
    public required IReadOnlyList<CheckSection> Checks { get; init; }

    /// <summary>Makes the document.</summary>
    public static DiagnoseDocument Of(DiagnosisReport report, int exitCode) => new()
    {
        Command = "diagnose",
        Status = exitCode == Cli.ExitCode.Complete ? DocumentStatus.Complete : DocumentStatus.CompletedWithFailures,
        ExitCode = exitCode,
        Verdict = NameOf(report.Status),
        Failures = report.Checks.Count(check => check.Status == DiagnosisStatus.Fail),
        Warnings = report.Checks.Count(check => check.Status == DiagnosisStatus.Warn),
        DurationSeconds = report.Duration.TotalSeconds,
        Checks =
        [
            .. report.Checks.Select(check => new CheckSection
            {
                Id = check.Id,
                Area = NameOf(check.Area),
                Status = NameOf(check.Status),
                Finding = Clean(check.Finding),
                Advice = check.Advice is { } advice ? Clean(advice) : null,
                DurationSeconds = check.Duration.TotalSeconds,
            }),
        ],
    };

    private static string NameOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static string Clean(string text) => ErrorReport.OneLine(ErrorReport.OfCommandLine(text));
}

/// <summary>One check.</summary>
internal sealed record CheckSection
{
    /// <summary>Its stable name: <c>database.tables</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What it is about: <c>host</c>, <c>database</c>, <c>storage</c> or <c>target</c>.</summary>
    public required string Area { get; init; }

    /// <summary>How it ended: <c>ok</c>, <c>warn</c> or <c>fail</c>.</summary>
    public required string Status { get; init; }

    /// <summary>What was found.</summary>
    public required string Finding { get; init; }

    /// <summary>What to do about it.</summary>
    public string? Advice { get; init; }

    /// <summary>How long it took; 0 for a conclusion from what another check has asked.</summary>
    public required double DurationSeconds { get; init; }
}
