using Backup.Core.Archives.Manifest;

namespace Backup.Cli.Documents;

/// <summary>A backup that holds bytes of another one.</summary>
internal sealed record ReferenceSection
{
    /// <summary>The backup's id.</summary>
    public required string Id { get; init; }

    /// <summary>How many entries it holds for the other one.</summary>
    public required long Entries { get; init; }

    /// <summary>Their packed size.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>Makes sections; none at all where there are no references.</summary>
    public static IReadOnlyList<ReferenceSection>? Of(IReadOnlyList<ReferenceRecord>? references) => references is not { Count: > 0 }
        ? null
        :
        [
            .. references.Select(reference => new ReferenceSection
            {
                Id = reference.Id.Value,
                Entries = reference.Entries,
                StoredBytes = reference.StoredBytes,
            }),
        ];
}
