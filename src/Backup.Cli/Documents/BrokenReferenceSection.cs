using System.Text.Json;
using Backup.Core.Catalog;

namespace Backup.Cli.Documents;

/// <summary>A backup that another one refers to, and that cannot give what it should.</summary>
internal sealed record BrokenReferenceSection
{
    /// <summary>The id of the backup that is referred to.</summary>
    public required string Id { get; init; }

    /// <summary><c>missing</c>, <c>damaged</c> or <c>changed</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>How many entries it should give.</summary>
    public required long Entries { get; init; }

    /// <summary>Makes sections; none at all where nothing is broken.</summary>
    public static IReadOnlyList<BrokenReferenceSection>? Of(IReadOnlyList<BrokenReference> references) => references.Count == 0
        ? null
        :
        [
            .. references.Select(reference => new BrokenReferenceSection
            {
                Id = reference.Backup.Value,
                Kind = JsonNamingPolicy.CamelCase.ConvertName(reference.Kind.ToString()),
                Entries = reference.Entries,
            }),
        ];
}
