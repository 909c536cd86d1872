using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;

namespace Backup.Core.Restore;

/// <summary>
/// Decides what may be made next: what has all that it needs and locks nothing that is being worked on, entries of large
/// tables first. Used by one caller at a time.
/// </summary>
internal sealed class PostDataSchedule
{
    private readonly List<Item> _ready = [];
    private readonly List<Item> _running = [];
    private readonly Dictionary<int, Item> _open;
    private readonly ILookup<int, Item> _dependents;

    /// <summary>Plans the entries.</summary>
    /// <param name="entries">What is to be made; what they need beyond one another is there.</param>
    /// <param name="all">All entries of the restore, for their tables.</param>
    /// <param name="sizes">The size of each table's rows in bytes.</param>
    public PostDataSchedule(
        IReadOnlyList<TocEntry> entries, IEnumerable<TocEntry> all, IReadOnlyDictionary<QualifiedName, long> sizes)
    {
        var known = all.ToDictionary(entry => entry.Id);
        var partitions = EntryLocks.FindPartitions(known.Values, known);
        _open = entries.ToDictionary(
            entry => entry.Id,
            entry => new Item(
                entry,
                EntryLocks.Of(entry, known, partitions),
                entry.Table is { } table ? sizes.GetValueOrDefault(new QualifiedName(entry.Schema ?? "", table)) : 0));
        _dependents = _open.Values
            .SelectMany(item => item.Entry.DependsOn.Distinct().Where(_open.ContainsKey).Select(id => (Need: id, Item: item)))
            .ToLookup(pair => pair.Need, pair => pair.Item);
        foreach (var item in _open.Values)
        {
            item.Waits = item.Entry.DependsOn.Distinct().Count(_open.ContainsKey);
            if (item.Waits == 0)
            {
                _ready.Add(item);
            }
        }

        _ready.Sort();
    }

    /// <summary>Whether everything is done.</summary>
    public bool IsDone => _open.Count == 0;

    /// <summary>Gives an entry that may be made now and counts it as being made; <see langword="null"/> when none may.</summary>
    public TocEntry? TryStart()
    {
        for (var place = 0; place < _ready.Count; place++)
        {
            var item = _ready[place];
            if (!_running.Exists(other => other.Locks.ConflictsWith(item.Locks)))
            {
                _ready.RemoveAt(place);
                _running.Add(item);
                return item.Entry;
            }
        }

        return null;
    }

    /// <summary>Says that an entry was made.</summary>
    public void Finish(TocEntry entry)
    {
        Close(entry);
        foreach (var dependent in _dependents[entry.Id])
        {
            if (--dependent.Waits == 0 && _open.ContainsKey(dependent.Entry.Id))
            {
                _ready.Insert(~_ready.BinarySearch(dependent), dependent);
            }
        }
    }

    /// <summary>Says that an entry could not be made.</summary>
    /// <returns>What needs it, directly or not, and is therefore given up.</returns>
    public IReadOnlyList<TocEntry> Fail(TocEntry entry)
    {
        Close(entry);
        var lost = new List<TocEntry>();
        var open = new Stack<int>([entry.Id]);
        while (open.TryPop(out var id))
        {
            foreach (var dependent in _dependents[id])
            {
                if (_open.Remove(dependent.Entry.Id))
                {
                    lost.Add(dependent.Entry);
                    open.Push(dependent.Entry.Id);
                }
            }
        }

        return lost;
    }

    private void Close(TocEntry entry)
    {
        _open.Remove(entry.Id);
        _running.RemoveAll(item => item.Entry.Id == entry.Id);
    }

    private sealed record Item(TocEntry Entry, EntryLocks Locks, long Size) : IComparable<Item>
    {
        public int Waits { get; set; }

        public int CompareTo(Item? other) => other is null ? 1 : (-Size, Entry.Id).CompareTo((-other.Size, other.Entry.Id));
    }
}
