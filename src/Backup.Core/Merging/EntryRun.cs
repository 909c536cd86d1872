using System.Runtime.CompilerServices;
using Backup.Core.Archives;
using Backup.Core.Errors;

namespace Backup.Core.Merging;

/// <summary>Entries of one volume that lie so near one another that they are read in one go.</summary>
/// <param name="Volume">The volume.</param>
/// <param name="Entries">The entries, by ascending offset; at least one.</param>
/// <param name="End">Where the last of them ends at the latest.</param>
internal sealed record EntryRun(SourceVolume Volume, IReadOnlyList<IndexEntry> Entries, long End)
{
    // Bytes that are not needed cost less than another request to a sink that is far away.
    private const long MaxGapBytes = 256 * 1024;
    private const int MaxEntries = 1024;

    /// <summary>Groups entries.</summary>
    /// <param name="entries">The entries, in the order of their places.</param>
    /// <param name="volumes">The volumes that hold them.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="ArchiveFormatException">Two entries lie one over the other.</exception>
    public static async IAsyncEnumerable<EntryRun> GroupAsync(
        IAsyncEnumerable<IndexEntry> entries, SourceVolumes volumes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        SourceVolume? volume = null;
        var run = new List<IndexEntry>();
        await foreach (var entry in entries.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            var own = volumes.Of(entry);
            if (run.Count > 0 && (own != volume || !IsNear(own, run[^1], entry) || run.Count == MaxEntries))
            {
                yield return new EntryRun(volume!, run, volume!.EndOf(run[^1]));
                run = [];
            }

            volume = own;
            run.Add(entry);
        }

        if (volume is not null)
        {
            yield return new EntryRun(volume, run, volume.EndOf(run[^1]));
        }
    }

    private static bool IsNear(SourceVolume volume, IndexEntry previous, IndexEntry entry)
    {
        // Two paths may be of the same bytes; the second one is read for itself.
        if (entry.Offset == previous.Offset && entry.StoredBytes == previous.StoredBytes)
        {
            return false;
        }

        if (entry.Offset - previous.Offset <= previous.StoredBytes)
        {
            throw new ArchiveFormatException($"The index places {entry.Path} at byte {entry.Offset} of {volume.Name}, within {previous.Path}.")
            {
                Subject = volume.Name,
            };
        }

        return entry.Offset - previous.Offset - previous.StoredBytes <= MaxGapBytes;
    }
}
