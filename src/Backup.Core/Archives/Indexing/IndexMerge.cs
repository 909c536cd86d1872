using System.Runtime.CompilerServices;
using Backup.Core.Errors;
using Backup.Core.Sinks;

namespace Backup.Core.Archives.Indexing;

/// <summary>
/// Reads parts of the index side by side and gives their entries in the order of all paths. A part is opened only when its first
/// path is next and closed at its end: at any moment one entry and one buffer are held for each part that overlaps that place.
/// </summary>
internal static class IndexMerge
{
    /// <summary>Reads the entries whose paths begin with a prefix.</summary>
    /// <param name="sink">Where the backup lies.</param>
    /// <param name="id">The backup.</param>
    /// <param name="parts">Parts of its index and its references; those that cannot hold the prefix are not opened.</param>
    /// <param name="pathPrefix">A plain string prefix; empty reads everything.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="ArchiveFormatException">A part is damaged, or two entries have the same path.</exception>
    public static async IAsyncEnumerable<IndexEntry> ReadAsync(
        IBackupSink sink,
        BackupId id,
        IEnumerable<IndexFile> parts,
        string pathPrefix,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var open = new HashSet<IAsyncEnumerator<IndexEntry>>();
        var heads = new PriorityQueue<Head, string>(StringComparer.Ordinal);
        foreach (var part in parts.Where(part => MayHold(part, pathPrefix)))
        {
            heads.Enqueue(new Head(part, null), part.FirstPath);
        }

        try
        {
            string? previous = null;
            while (heads.TryDequeue(out var head, out var path))
            {
                var cursor = head.Cursor;
                if (cursor is null)
                {
                    cursor = new IndexPartReader(sink, id, head.Part).ReadAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
                    open.Add(cursor);
                }
                else
                {
                    ThrowIfDuplicate(id, previous, path);
                    previous = path;
                    if (path.StartsWith(pathPrefix, StringComparison.Ordinal))
                    {
                        yield return cursor.Current;
                    }
                }

                // Read on past the prefix: only a part that was read to its end has proven its digest.
                if (await cursor.MoveNextAsync().ConfigureAwait(false))
                {
                    heads.Enqueue(head with { Cursor = cursor }, cursor.Current.Path);
                }
                else
                {
                    open.Remove(cursor);
                    await cursor.DisposeAsync().ConfigureAwait(false);
                }
            }
        }
        finally
        {
            foreach (var cursor in open)
            {
                await cursor.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private static bool MayHold(IndexFile part, string prefix) =>
        string.CompareOrdinal(part.LastPath, prefix) >= 0
        && (string.CompareOrdinal(part.FirstPath, prefix) <= 0 || part.FirstPath.StartsWith(prefix, StringComparison.Ordinal));

    private static void ThrowIfDuplicate(BackupId id, string? previous, string path)
    {
        if (previous == path)
        {
            throw new ArchiveFormatException($"The index of backup {id} lists {path} twice.") { Subject = path };
        }
    }

    /// <summary>A part in the queue: the cursor stands at its next entry, or is <see langword="null"/> before its first.</summary>
    private readonly record struct Head(IndexFile Part, IAsyncEnumerator<IndexEntry>? Cursor);
}
