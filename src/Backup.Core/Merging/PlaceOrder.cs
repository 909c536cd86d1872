using System.Runtime.CompilerServices;
using Backup.Core.Archives;

namespace Backup.Core.Merging;

/// <summary>
/// Gives the entries of an index, which is sorted by path, in the order of their places. What does not fit into the memory is looked for
/// in further rounds, which read only those parts of the index that can list it: of an index that was written in about the order of
/// paths each is read about twice, however many entries it has.
/// </summary>
/// <remarks>Used once, by one caller.</remarks>
/// <param name="parts">The parts of the index.</param>
/// <param name="locate">Says where an entry lies; <see langword="null"/> for one that is passed over.</param>
/// <param name="memoryBytes">The memory that the entries of a round may take, in bytes.</param>
internal sealed class PlaceOrder(IReadOnlyList<PlacedPart> parts, Func<IndexEntry, EntryPlace?> locate, long memoryBytes = PlaceOrder.DefaultMemoryBytes)
{
    /// <summary>Enough for some 25,000 entries: 16 MiB.</summary>
    public const long DefaultMemoryBytes = 16L * 1024 * 1024;

    /// <summary>Reads the entries.</summary>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="Errors.ArchiveFormatException">The index is damaged.</exception>
    public async IAsyncEnumerable<IndexEntry> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var done = EntryPlace.First;
        while (true)
        {
            var next = new NextEntries(done, memoryBytes);
            var inOrder = parts.Select(part => (Part: part, Next: part.NextAfter(done))).Where(part => part.Next is not null)
                .OrderBy(part => part.Next!.Value).ToList();
            foreach (var (part, first) in inOrder)
            {
                // The memory is full of entries before all that this part and those behind it list.
                if (first!.Value.CompareTo(next.End) >= 0)
                {
                    break;
                }

                await foreach (var (place, entry) in part.ReadAsync(locate, cancellationToken).ConfigureAwait(false))
                {
                    next.Offer(place, entry);
                }
            }

            foreach (var (place, entry) in next.Take())
            {
                yield return entry;
                done = place;
            }

            if (next.End == EntryPlace.Last)
            {
                yield break;
            }
        }
    }
}
