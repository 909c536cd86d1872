using Backup.Core.Archives;

namespace Backup.Core.Catalog;

/// <summary>
/// Which backups hold bytes of which others. References name the backup that physically holds the bytes, so there are no chains to
/// follow: what a backup needs are its references, and nothing else. Never changes; safe for several threads.
/// </summary>
public sealed class BackupGraph
{
    private readonly Dictionary<BackupId, BackupNode> _nodes;
    private readonly Dictionary<BackupId, List<BackupId>> _dependents = [];

    /// <summary>Makes the graph of all backups of a sink.</summary>
    /// <param name="nodes">The backups, each once.</param>
    internal BackupGraph(IEnumerable<BackupNode> nodes)
    {
        _nodes = nodes.ToDictionary(node => node.Id);
        foreach (var node in _nodes.Values.OrderByDescending(node => node.Id))
        {
            foreach (var reference in node.References)
            {
                if (!_dependents.TryGetValue(reference.Id, out var dependents))
                {
                    _dependents.Add(reference.Id, dependents = []);
                }

                dependents.Add(node.Id);
            }
        }
    }

    /// <summary>Makes the graph of a list of backups.</summary>
    /// <param name="entries">All backups of a sink, as <see cref="BackupCatalog.ListAsync"/> gives them.</param>
    /// <returns>The graph.</returns>
    public static BackupGraph Of(IEnumerable<CatalogEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        return new BackupGraph(entries.Select(BackupNode.Of));
    }

    /// <summary>The backups that hold bytes of a backup, the oldest first.</summary>
    /// <param name="id">The backup.</param>
    /// <returns>Them, whether they are there or not; none of a backup that is unknown, damaged, or holds all its bytes itself.</returns>
    public IReadOnlyList<BackupId> ReferencesOf(BackupId id) =>
        _nodes.TryGetValue(id, out var node) ? [.. node.References.Select(reference => reference.Id)] : [];

    /// <summary>The backups of which a backup holds bytes: while one of them is kept it cannot go.</summary>
    /// <param name="id">The backup; it need not be there any more.</param>
    /// <returns>Them, the newest first.</returns>
    public IReadOnlyList<BackupId> DependentsOf(BackupId id) => _dependents.GetValueOrDefault(id) ?? [];

    /// <summary>The references of a backup that cannot give what they should: it cannot be restored whole.</summary>
    /// <param name="id">The backup.</param>
    /// <returns>Them, the oldest first; none when all is well.</returns>
    public IReadOnlyList<BrokenReference> BrokenReferencesOf(BackupId id)
    {
        var broken = new List<BrokenReference>();
        foreach (var reference in _nodes.GetValueOrDefault(id)?.References ?? [])
        {
            var kind = !_nodes.TryGetValue(reference.Id, out var target) ? BrokenReferenceKind.Missing
                : target.Digest is null ? BrokenReferenceKind.Damaged
                : target.Digest != reference.Digest ? BrokenReferenceKind.Changed
                : (BrokenReferenceKind?)null;
            if (kind is { } found)
            {
                broken.Add(new BrokenReference(reference.Id, found, reference.Entries));
            }
        }

        return broken;
    }
}
