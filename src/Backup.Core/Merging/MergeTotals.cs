using Backup.Core.Compression;

namespace Backup.Core.Merging;

/// <summary>What a merge is going to copy. Counting it proves that the index is whole and lists no path twice.</summary>
/// <param name="Entries">The number of entries.</param>
/// <param name="StoredBytes">Their packed size, in bytes.</param>
/// <param name="Method">How they are packed, by the method that takes the newest tools to unpack.</param>
internal sealed record MergeTotals(long Entries, long StoredBytes, CompressionMethod Method)
{
    /// <summary>Counts, and tells each volume what is needed of it.</summary>
    /// <param name="index">The index of the backup that is merged.</param>
    /// <param name="selection">Which of its entries are copied.</param>
    /// <param name="volumes">The volumes.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="Errors.ArchiveFormatException">The index is damaged, or places an entry where there is none.</exception>
    public static async Task<MergeTotals> CountAsync(
        RepeatedIndex index, EntrySelection selection, SourceVolumes volumes, CancellationToken cancellationToken)
    {
        var (entries, storedBytes, method) = (0L, 0L, CompressionMethod.None);
        await foreach (var entry in index.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!selection.Includes(entry))
            {
                continue;
            }

            volumes.Of(entry).Need(entry);
            entries++;
            storedBytes += entry.StoredBytes;
            method = (CompressionMethod)Math.Max((int)method, (int)entry.Method);
        }

        return new MergeTotals(entries, storedBytes, method);
    }
}
