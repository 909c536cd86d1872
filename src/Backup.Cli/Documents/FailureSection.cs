using Backup.Core.Archives.Manifest;

namespace Backup.Cli.Documents;

/// <summary>One item that a backup lacks.</summary>
internal sealed record FailureSection
{
    /// <summary>The item.</summary>
    public required string Subject { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>Makes the sections.</summary>
    public static IReadOnlyList<FailureSection> Of(IEnumerable<FailureRecord> failures) =>
        [.. failures.Select(failure => new FailureSection { Subject = failure.Subject, Reason = failure.Reason })];
}
