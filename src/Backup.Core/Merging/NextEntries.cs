using Backup.Core.Archives;
using Backup.Core.Archives.Indexing;

namespace Backup.Core.Merging;

/// <summary>Of entries offered in any order keeps those that come next by their place, as many as the memory has room for, one at the least.</summary>
/// <remarks>Used by one caller at a time.</remarks>
/// <param name="after">Entries up to this place are done.</param>
/// <param name="memoryBytes">The memory that the kept entries may take, in bytes.</param>
internal sealed class NextEntries(EntryPlace after, long memoryBytes)
{
    // The last one first: it is what has to go.
    private readonly PriorityQueue<IndexEntry, EntryPlace> _entries = new(Comparer<EntryPlace>.Create(static (left, right) => right.CompareTo(left)));
    private long _bytes;

    /// <summary>From this place on there was no room for entries: those are for the next round.</summary>
    public EntryPlace End { get; private set; } = EntryPlace.Last;

    /// <summary>Offers an entry.</summary>
    /// <param name="place">Its place.</param>
    /// <param name="entry">The entry.</param>
    public void Offer(EntryPlace place, IndexEntry entry)
    {
        if (place.CompareTo(after) <= 0 || place.CompareTo(End) >= 0)
        {
            return;
        }

        _entries.Enqueue(entry, place);
        _bytes += IndexLineSize.MemoryOf(entry);
        while (_bytes > memoryBytes && _entries.Count > 1 && _entries.TryDequeue(out var dropped, out var end))
        {
            _bytes -= IndexLineSize.MemoryOf(dropped);
            End = end;
        }
    }

    /// <summary>Takes the kept entries out, in the order of their places.</summary>
    public IReadOnlyList<(EntryPlace Place, IndexEntry Entry)> Take()
    {
        var taken = new (EntryPlace, IndexEntry)[_entries.Count];
        for (var i = taken.Length - 1; _entries.TryDequeue(out var entry, out var place); i--)
        {
            taken[i] = (place, entry);
        }

        _bytes = 0;
        return taken;
    }
}
