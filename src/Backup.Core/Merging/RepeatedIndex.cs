using System.Runtime.CompilerServices;
using Backup.Core.Archives;
using Backup.Core.Archives.Indexing;

namespace Backup.Core.Merging;

/// <summary>
/// An index that a merge goes through several times: read once and kept where its entries take little memory, read anew each time otherwise.
/// </summary>
/// <remarks>Used by one caller at a time.</remarks>
/// <param name="read">Reads the index from its beginning, proving it at its end.</param>
/// <param name="memoryBytes">The memory that the kept entries may take, in bytes.</param>
internal sealed class RepeatedIndex(
    Func<CancellationToken, IAsyncEnumerable<IndexEntry>> read, long memoryBytes = RepeatedIndex.DefaultMemoryBytes)
{
    /// <summary>Enough for some 20,000 entries, which is 5 GB of rows: 16 MiB.</summary>
    public const long DefaultMemoryBytes = 16L * 1024 * 1024;

    private List<IndexEntry>? _kept;

    /// <summary>Whether the whole index has been read and kept.</summary>
    public bool IsKept => _kept is not null;

    /// <summary>Goes through the entries, in the ordinal order of paths.</summary>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="Errors.ArchiveFormatException">The index is damaged.</exception>
    public IAsyncEnumerable<IndexEntry> ReadAsync(CancellationToken cancellationToken) =>
        _kept?.ToAsyncEnumerable() ?? ReadAndKeepAsync(cancellationToken);

    private async IAsyncEnumerable<IndexEntry> ReadAndKeepAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<IndexEntry>? kept = [];
        var bytes = 0L;
        await foreach (var entry in read(cancellationToken).ConfigureAwait(false))
        {
            bytes += IndexLineSize.MemoryOf(entry);
            if (bytes > memoryBytes)
            {
                kept = null;
            }

            kept?.Add(entry);
            yield return entry;
        }

        // Only what was read to its end has proven its digest.
        _kept = kept;
    }
}
