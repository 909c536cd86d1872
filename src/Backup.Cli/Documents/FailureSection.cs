using System.Text.Json;
using Backup.Core.Archives.Manifest;

namespace Backup.Cli.Documents;

/// <summary>One item that a backup lacks.</summary>
internal sealed record FailureSection
{
    /// <summary>What the item is: <c>table</c> or <c>storedObject</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The item.</summary>
    public required string Subject { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>Makes the sections.</summary>
    public static IReadOnlyList<FailureSection> Of(IEnumerable<FailureRecord> failures) =>
    [
        .. failures.Select(failure => new FailureSection
        {
            Kind = JsonNamingPolicy.CamelCase.ConvertName(failure.Kind.ToString()),
            Subject = failure.Subject,
            Reason = failure.Reason,
        }),
    ];
}
