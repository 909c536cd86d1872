using Backup.Core.Archives;

namespace Backup.Core.Restore;

/// <summary>Rows that one worker loads in one transaction.</summary>
/// <param name="Load">The table they belong to.</param>
/// <param name="Pages">All pages of it, in order, or some of them; <see langword="null"/> for all, to be read from the index.</param>
internal readonly record struct LoadUnit(TableLoad Load, IReadOnlyList<IndexEntry>? Pages)
{
    /// <summary>How many pages these are.</summary>
    public int Count { get; init; } = Pages?.Count ?? 0;

    /// <summary>Whether these are all the rows of the table.</summary>
    public bool IsWholeTable => Count == Load.Table.Pages;

    /// <summary>The pages, in order.</summary>
    /// <param name="archive">The backup.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public IAsyncEnumerable<IndexEntry> ReadPagesAsync(ArchiveReader archive, CancellationToken cancellationToken) =>
        Pages?.ToAsyncEnumerable() ?? archive.ReadIndexAsync(Load.Table.Path, cancellationToken);
}
