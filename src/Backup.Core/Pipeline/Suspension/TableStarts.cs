using Backup.Core.Archives;
using Backup.Core.Archives.Resuming;
using Backup.Core.Pipeline.Incremental;
using Backup.Core.Postgres;

namespace Backup.Core.Pipeline.Suspension;

/// <summary>Decides for each table of a snapshot what is kept of the parts before: all of it, some of its pages, or nothing.</summary>
/// <remarks>
/// A table of which all pages were stored is kept where the snapshot has one of its name and its fingerprint. Otherwise it is read
/// again whole, into a folder of its own: one page must never be of another instant than the next, unless the caller allows that. So is
/// one of which more pages lie there than the checkpoints tell of: a checkpoint says nothing while the snapshot cannot be asked.
/// </remarks>
internal sealed class TableStarts
{
    private readonly ResumeState? _resumed;
    private readonly PageLimits _limits;
    private readonly bool _allowsMixed;
    private readonly bool _trustsStatistics;
    private readonly Dictionary<QualifiedName, CheckpointTable> _complete;
    private readonly Dictionary<QualifiedName, CheckpointPages> _begun;

    /// <summary>Creates the plan.</summary>
    /// <param name="resumed">What the parts before left; <see langword="null"/> for the first.</param>
    /// <param name="limits">How large pages may be.</param>
    /// <param name="allowsMixed">Whether a table may be of pages of several snapshots.</param>
    /// <param name="trustsStatistics">Whether a table is taken to be as the parent has it where the server's statistics say so.</param>
    public TableStarts(ResumeState? resumed, PageLimits limits, bool allowsMixed, bool trustsStatistics)
    {
        _trustsStatistics = trustsStatistics;
        _resumed = resumed;
        _limits = limits;
        _allowsMixed = allowsMixed;
        _complete = (resumed?.Tables ?? []).ToDictionary(table => new QualifiedName(table.Record.Schema, table.Record.Name));
        _begun = (allowsMixed ? resumed?.Pages ?? [] : []).ToDictionary(pages => new QualifiedName(pages.Schema, pages.Name));
    }

    /// <summary>Where to begin with a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="parent">What the parent of an incremental run has of it; <see langword="null"/> for nothing, and in other runs.</param>
    public TableStart For(TableInfo table, ParentTable? parent)
    {
        if (_complete.TryGetValue(table.Name, out var complete) && complete.Fingerprint == table.WholeFingerprint)
        {
            var record = complete.Record;
            return new TableStart
            {
                Folder = record.Path,
                Layout = default,
                Kept = record,
                Pages = record.Pages,
                Rows = record.Rows,
                RawBytes = record.RawBytes,
            };
        }

        var layout = PagePlanner.LayoutOf(table, _limits, parent?.Record.PageBlocks);
        var pageBlocks = table.SupportsCtidRanges && layout.PageBlocks > 0 ? layout.PageBlocks : (long?)null;
        var remembers = _allowsMixed && pageBlocks is not null;
        if (remembers && _begun.TryGetValue(table.Name, out var begun)
            && begun.Fingerprint == table.Fingerprint && begun.RelationFile == table.RelationFile
            && _resumed?.PageCounts.GetValueOrDefault(begun.Path) == begun.Pages.Count)
        {
            return new TableStart
            {
                Parent = begun.PageBlocks == parent?.Record.PageBlocks ? parent : null,
                Folder = begun.Path,
                Layout = new PageLayout(begun.HeapBlocks, begun.PageBlocks),
                HeldPages = begun.Pages.Select(page => page.Number).ToHashSet(),
                Pages = begun.Pages.Count,
                Rows = begun.Pages.Sum(page => page.Rows),
                RawBytes = begun.Pages.Sum(page => page.RawBytes),
                RemembersPages = true,
            };
        }

        var isComparable = pageBlocks == parent?.Record.PageBlocks;
        var isUnchanged = isComparable && _trustsStatistics && parent is not null && ActivityOfTable.IsAsIn(table, parent.Record);
        return new TableStart
        {
            Folder = FolderOf(table.Name),
            Layout = layout,
            Parent = isComparable ? parent : null,
            IsUnchanged = isUnchanged,

            // Of what is not read nobody knows the rows page by page: a later part that went on behind some would count rows twice.
            RemembersPages = remembers && !isUnchanged,
        };
    }

    /// <summary>The folders of earlier parts' pages that no table of the finished backup names.</summary>
    /// <param name="named">The folders that its tables and failures name.</param>
    public IReadOnlyList<string> Superseded(IEnumerable<string> named)
    {
        var kept = named.ToHashSet(StringComparer.Ordinal);
        return [.. (_resumed?.PageFolders ?? new HashSet<string>()).Where(folder => !kept.Contains(folder)).Order(StringComparer.Ordinal)];
    }

    private string FolderOf(QualifiedName name)
    {
        var folder = EntryPaths.TableFolder(name.Schema, name.Name);
        return _resumed is { } resumed && resumed.PageFolders.Contains(folder)
            ? EntryPaths.TableFolder(name.Schema, name.Name, resumed.NextPart)
            : folder;
    }
}
