using System.Text.Json;
using Backup.Core.Verification;

namespace Backup.Cli.Documents;

/// <summary>The document of <c>verify</c>.</summary>
internal sealed record VerifyDocument : CommandDocument
{
    /// <summary>The backup's id.</summary>
    public required string Id { get; init; }

    /// <summary>Whether nothing is wrong.</summary>
    public required bool Intact { get; init; }

    /// <summary>The number of files that were read.</summary>
    public required int Files { get; init; }

    /// <summary>The number of entries that were unpacked and compared.</summary>
    public required long Entries { get; init; }

    /// <summary>The number of entries that other backups hold and that were compared with their indexes.</summary>
    public required long ReferencedEntries { get; init; }

    /// <summary>The bytes that were read.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>The bytes that came out of the entries.</summary>
    public required long RawBytes { get; init; }

    /// <summary>How long it took.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>How many findings there are; more than are listed when there are very many.</summary>
    public required long FindingsTotal { get; init; }

    /// <summary>What is wrong.</summary>
    public required IReadOnlyList<FindingSection> Findings { get; init; }

    /// <summary>Makes the document.</summary>
    public static VerifyDocument Of(VerificationReport report, int exitCode) => new()
    {
        Command = "verify",
        Status = report.IsIntact ? DocumentStatus.Complete : DocumentStatus.Damaged,
        ExitCode = exitCode,
        Id = report.Backup.Value,
        Intact = report.IsIntact,
        Files = report.Files,
        Entries = report.Entries,
        ReferencedEntries = report.ReferencedEntries,
        StoredBytes = report.StoredBytes,
        RawBytes = report.RawBytes,
        DurationSeconds = report.Duration.TotalSeconds,
        FindingsTotal = report.FindingsTotal,
        Findings =
        [
            .. report.Findings.Select(finding => new FindingSection
            {
                Kind = JsonNamingPolicy.CamelCase.ConvertName(finding.Kind.ToString()),
                Subject = finding.Subject,
                Message = finding.Message,
            }),
        ],
    };
}

/// <summary>One thing that is wrong with a backup.</summary>
internal sealed record FindingSection
{
    /// <summary>The sort of damage: <c>missing</c>, <c>wrongDigest</c>, …</summary>
    public required string Kind { get; init; }

    /// <summary>The file or entry.</summary>
    public required string Subject { get; init; }

    /// <summary>What was expected and what was found.</summary>
    public required string Message { get; init; }
}
