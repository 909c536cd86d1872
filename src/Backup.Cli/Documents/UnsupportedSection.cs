using Backup.Core.Archives.Manifest;

namespace Backup.Cli.Documents;

/// <summary>Something of a database that no backup can hold.</summary>
internal sealed record UnsupportedSection
{
    /// <summary>Its name with its kind.</summary>
    public required string Name { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>Makes the sections; <see langword="null"/> for none.</summary>
    public static IReadOnlyList<UnsupportedSection>? Of(IReadOnlyList<UnsupportedRecord>? items) => items is not { Count: > 0 }
        ? null
        : [.. items.Select(item => new UnsupportedSection { Name = item.Name, Reason = item.Reason })];
}
