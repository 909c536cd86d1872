using System.Runtime.CompilerServices;
using Backup.Core.Archives.Manifest;
using Backup.Core.Errors;
using Backup.Core.Sinks;

namespace Backup.Core.Archives.Indexing;

/// <summary>Reads parts of the index side by side and gives their entries in the order of all paths; holds one entry and one buffer per part.</summary>
internal static class IndexMerge
{
    /// <summary>Reads the entries whose paths begin with a prefix.</summary>
    /// <param name="sink">Where the backup lies.</param>
    /// <param name="id">The backup.</param>
    /// <param name="parts">The parts of its index; those that cannot hold the prefix are not opened.</param>
    /// <param name="pathPrefix">A plain string prefix; empty reads everything.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="ArchiveFormatException">A part is damaged, or two entries have the same path.</exception>
    public static async IAsyncEnumerable<IndexEntry> ReadAsync(
        IBackupSink sink,
        BackupId id,
        IEnumerable<IndexPartRecord> parts,
        string pathPrefix,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cursors = new List<IAsyncEnumerator<IndexEntry>>();
        var heads = new PriorityQueue<IAsyncEnumerator<IndexEntry>, string>(StringComparer.Ordinal);
        try
        {
            foreach (var part in parts.Where(part => MayHold(part, pathPrefix)))
            {
                var cursor = new IndexPartReader(sink, id, part).ReadAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
                cursors.Add(cursor);
                if (await cursor.MoveNextAsync().ConfigureAwait(false))
                {
                    heads.Enqueue(cursor, cursor.Current.Path);
                }
            }

            string? previous = null;
            while (heads.TryDequeue(out var cursor, out var path))
            {
                ThrowIfDuplicate(id, previous, path);
                previous = path;
                if (path.StartsWith(pathPrefix, StringComparison.Ordinal))
                {
                    yield return cursor.Current;
                }

                // Read on past the prefix: only a part that was read to its end has proven its digest.
                if (await cursor.MoveNextAsync().ConfigureAwait(false))
                {
                    heads.Enqueue(cursor, cursor.Current.Path);
                }
            }
        }
        finally
        {
            foreach (var cursor in cursors)
            {
                await cursor.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private static bool MayHold(IndexPartRecord part, string prefix) =>
        string.CompareOrdinal(part.LastPath, prefix) >= 0
        && (string.CompareOrdinal(part.FirstPath, prefix) <= 0 || part.FirstPath.StartsWith(prefix, StringComparison.Ordinal));

    private static void ThrowIfDuplicate(BackupId id, string? previous, string path)
    {
        if (previous == path)
        {
            throw new ArchiveFormatException($"The index of backup {id} lists {path} twice.") { Subject = path };
        }
    }
}
