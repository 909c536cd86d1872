using Backup.Core.Catalog;

namespace Backup.Cli.Documents;

/// <summary>A file of a backup that is not there, or not of the size that the manifest says.</summary>
internal sealed record DamagedFileSection
{
    /// <summary>The file.</summary>
    public required string Name { get; init; }

    /// <summary>Its size; absent when it is not there.</summary>
    public long? Bytes { get; init; }

    /// <summary>The size that the manifest says.</summary>
    public required long ExpectedBytes { get; init; }

    /// <summary>Makes sections; none at all where all files are as they should be.</summary>
    public static IReadOnlyList<DamagedFileSection>? Of(IReadOnlyList<DamagedFile> files) => files.Count == 0
        ? null
        : [.. files.Select(file => new DamagedFileSection { Name = file.Name, Bytes = file.Bytes, ExpectedBytes = file.ExpectedBytes })];
}
