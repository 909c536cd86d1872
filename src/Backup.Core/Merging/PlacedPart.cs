using System.Runtime.CompilerServices;
using Backup.Core.Archives;

namespace Backup.Core.Merging;

/// <summary>A part of the index that is read several times: remembers where the entries lie that it lists. Used by one caller at a time.</summary>
/// <param name="read">Reads the part from its beginning.</param>
internal sealed class PlacedPart(Func<CancellationToken, IAsyncEnumerable<IndexEntry>> read)
{
    private readonly Dictionary<int, (long First, long Last)> _offsets = [];
    private bool _isKnown;

    /// <summary>Whether the part may list entries between two places: always before it has been read once.</summary>
    /// <param name="after">The one place.</param>
    /// <param name="end">The other.</param>
    public bool MayHold(EntryPlace after, EntryPlace end) =>
        !_isKnown || _offsets.Any(volume =>
            (volume.Key, volume.Value.Last).CompareTo((after.Volume, after.Offset)) >= 0
            && (volume.Key, volume.Value.First).CompareTo((end.Volume, end.Offset)) <= 0);

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
                var known = _offsets.GetValueOrDefault(place.Volume, (place.Offset, place.Offset));
                _offsets[place.Volume] = (Math.Min(known.First, place.Offset), Math.Max(known.Last, place.Offset));
            }

            yield return (place, entry);
        }

        _isKnown = true;
    }
}
