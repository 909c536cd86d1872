using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;

namespace Backup.Core.Restore;

/// <summary>
/// Decides what may be made next: what has all that it needs and locks nothing that is being worked on; first what most other
/// work waits for. Used by one caller at a time.
/// </summary>
/// <remarks>
/// Until all rows are there (<see cref="Open"/>) it gives only what concerns tables that are loaded already and looks at nothing
/// else: indexes and constraints.
/// </remarks>
internal sealed class PostDataSchedule
{
    private readonly List<Item> _ready = [];
    private readonly List<Item> _running = [];
    private readonly Dictionary<int, Item> _open;
    private readonly ILookup<int, Item> _dependents;
    private readonly ILookup<QualifiedName, Item> _byTable;
    private readonly HashSet<QualifiedName> _loaded = [];
    private bool _isOpen;

    /// <summary>Plans the entries.</summary>
    /// <param name="entries">What is to be made; what they need beyond one another is there.</param>
    /// <param name="all">All entries of the restore, for their tables.</param>
    /// <param name="costs">What an entry of each table costs that is loaded.</param>
    public PostDataSchedule(
        IReadOnlyList<TocEntry> entries, IEnumerable<TocEntry> all, IReadOnlyDictionary<QualifiedName, double> costs)
    {
        var known = all.ToDictionary(entry => entry.Id);
        var partitions = EntryLocks.FindPartitions(known.Values, known);
        _open = entries.ToDictionary(
            entry => entry.Id,
            entry => new Item(
                entry,
                EntryLocks.Of(entry, known, partitions),
                EarlyEntries.TablesOf(entry, known, partitions, costs.ContainsKey)?.ToHashSet(),
                entry.Table is { } table ? costs.GetValueOrDefault(new QualifiedName(entry.Schema ?? "", table)) : 0));
        _dependents = _open.Values
            .SelectMany(item => item.Entry.DependsOn.Distinct().Where(_open.ContainsKey).Select(id => (Need: id, Item: item)))
            .ToLookup(pair => pair.Need, pair => pair.Item);
        _byTable = _open.Values
            .SelectMany(item => (item.Missing ?? []).Select(table => (Table: table, Item: item)))
            .ToLookup(pair => pair.Table, pair => pair.Item);
        Weigh();
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

    /// <summary>Whether something may be made now.</summary>
    public bool CanStart => FindStartable() >= 0;

    /// <summary>How much work waits for a table to be loaded.</summary>
    public double WeightOf(QualifiedName table) => _byTable[table].Select(item => item.Weight).DefaultIfEmpty().Max();

    /// <summary>Says that all rows of a table are there.</summary>
    public void AddLoaded(QualifiedName table)
    {
        if (!_loaded.Add(table))
        {
            return;
        }

        foreach (var item in _byTable[table])
        {
            item.Missing!.Remove(table);
        }
    }

    /// <summary>Says that no more rows come: from now on everything may be made.</summary>
    public void Open() => _isOpen = true;

    /// <summary>Gives an entry that may be made now and counts it as being made; <see langword="null"/> when none may.</summary>
    /// <param name="atLeast">The weight of what else could be done: an entry of less is not given.</param>
    public TocEntry? TryStart(double atLeast = 0)
    {
        var place = FindStartable();
        if (place < 0 || _ready[place].Weight < atLeast)
        {
            return null;
        }

        var item = _ready[place];
        _ready.RemoveAt(place);
        _running.Add(item);
        return item.Entry;
    }

    /// <summary>
    /// Gives entries that may be made in one message with one that was given, and counts them as being made: such as cost as little and
    /// lock nothing that others work on. What they lock among themselves is no matter, as one session makes all of them.
    /// </summary>
    public IReadOnlyList<TocEntry> StartAlong(TocEntry first)
    {
        if (!_running.Exists(item => item.Entry.Id == first.Id && item.IsSmall))
        {
            return [];
        }

        var others = _running.FindAll(item => item.Entry.Id != first.Id);
        var along = new List<Item>();
        var characters = first.Create.Length;
        foreach (var item in _ready.Take(SharedMessages.MaxEntries * 2))
        {
            if (along.Count == SharedMessages.MaxEntries - 1)
            {
                break;
            }

            if (item.IsSmall && characters + item.Entry.Create.Length <= SharedMessages.MaxCharacters && MayStart(item, others))
            {
                along.Add(item);
                characters += item.Entry.Create.Length;
            }
        }

        var taken = along.ToHashSet();
        _ready.RemoveAll(taken.Contains);
        _running.AddRange(along);
        return along.ConvertAll(item => item.Entry);
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

    // The longest way from an entry to the end. The foreign keys of a table are made one after another, so each is as urgent as
    // all of them together; entries depend on smaller ids only.
    private void Weigh()
    {
        var keys = _open.Values
            .Where(item => item.Entry.Kind == TocKinds.ForeignKey)
            .GroupBy(item => (item.Entry.Schema, item.Entry.Table))
            .ToDictionary(items => items.Key, items => items.Sum(item => item.Cost));
        foreach (var item in _open.Values.OrderByDescending(item => item.Entry.Id))
        {
            var own = item.Entry.Kind == TocKinds.ForeignKey ? keys[(item.Entry.Schema, item.Entry.Table)] : item.Cost;
            item.Weight = own + _dependents[item.Entry.Id].Select(dependent => dependent.Weight).DefaultIfEmpty().Max();
        }
    }

    private int FindStartable() => _ready.FindIndex(item => MayStart(item, _running));

    private bool MayStart(Item item, List<Item> running) =>
        (_isOpen || item.Missing is { Count: 0 }) && !running.Exists(other => other.Locks.ConflictsWith(item.Locks));

    private void Close(TocEntry entry)
    {
        _open.Remove(entry.Id);
        _running.RemoveAll(item => item.Entry.Id == entry.Id);
    }

    /// <summary>An entry that is not made yet.</summary>
    /// <param name="Entry">The entry.</param>
    /// <param name="Locks">What making it locks.</param>
    /// <param name="Missing">The tables that have to be loaded first; <see langword="null"/> for all.</param>
    /// <param name="Cost">What it costs.</param>
    private sealed record Item(TocEntry Entry, EntryLocks Locks, HashSet<QualifiedName>? Missing, double Cost) : IComparable<Item>
    {
        public int Waits { get; set; }

        public double Weight { get; set; }

        /// <summary>Whether making it costs less than asking for it.</summary>
        public bool IsSmall { get; } = Cost <= WorkCosts.Small && SharedMessages.CanShare(Entry.Kind, Entry.Create);

        public bool Equals(Item? other) => ReferenceEquals(this, other);

        public override int GetHashCode() => Entry.Id;

        public int CompareTo(Item? other) => other is null ? 1 : (-Weight, Entry.Id).CompareTo((-other.Weight, other.Entry.Id));
    }
}
