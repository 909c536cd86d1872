using System.Runtime.CompilerServices;
using Backup.Core.Archives;

namespace Backup.Core.Merging;

/// <summary>A part of the index that is read several times: remembers where the entries lie that it lists. Used by one caller at a time.</summary>
/// <param name="read">Reads the part from its beginning.</param>
internal sealed class PlacedPart(Func<CancellationToken, IAsyncEnumerable<IndexEntry>> read)
{
    private readonly Dictionary<int, (long First, long Last)> _offsets = [];
    private bool _isKnown;

    /// <summary>Finds where the part's next entry lies at the earliest: before its first reading, anywhere.</summary>
    /// <param name="done">Entries up to this place do not count.</param>
    /// <returns>A place at or before that entry's; <see langword="null"/> where the part has no further one.</returns>
    public EntryPlace? NextAfter(EntryPlace done)
    {
        if (!_isKnown)
        {
            return EntryPlace.First;
        }

        EntryPlace? next = null;
        foreach (var (volume, (first, last)) in _offsets)
        {
            var from = volume == done.Volume ? Math.Max(first, done.Offset) : first;
            if (volume >= done.Volume && from <= last && (next is null || volume < next.Value.Volume))
            {
                next = new EntryPlace(volume, from, string.Empty);
            }
        }

        return next;
    }

    /// <summary>Reads the part.</summary>
    /// <param name="locate">Says where an entry lies; <see langword="null"/> for one that is passed over.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async IAsyncEnumerable<(EntryPlace Place, IndexEntry Entry)> ReadAsync(
        Func<IndexEntry, EntryPlace?> locate, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entry in read(cancellationToken).ConfigureAwait(false))
        {
            if (locate(entry) is not { } place)
            {
                continue;
            }

            if (!_isKnown)
            {
                var (first, last) = _offsets.GetValueOrDefault(place.Volume, (place.Offset, place.Offset));
                _offsets[place.Volume] = (Math.Min(first, place.Offset), Math.Max(last, place.Offset));
            }

            yield return (place, entry);
        }

        _isKnown = true;
    }
}
