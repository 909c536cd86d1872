using System.Runtime.CompilerServices;
using Backup.Core.Archives;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;

namespace Backup.Core.Restore.Files;

/// <summary>The stored objects that a restore is about, by their buckets, and the store that they go to.</summary>
internal sealed class FilesPlan(ArchiveReader archive, IObjectStore store, ObjectSelection selection, IReadOnlyDictionary<string, BucketWork> byFolder)
{
    private const string StorageFolder = ObjectSegments.StorageFolder;

    /// <summary>The store.</summary>
    public IObjectStore Store { get; } = store;

    /// <summary>Whether the backup knows all of the objects' rows, as it read them from the database.</summary>
    public bool KnowsRows => archive.Manifest.Storage?.Listing == ObjectListingMethod.Database;

    /// <summary>The buckets, in ordinal order of their ids.</summary>
    public IReadOnlyList<BucketWork> Buckets { get; } =
        [.. byFolder.Values.OrderBy(work => work.Bucket.Id, StringComparer.Ordinal)];

    /// <summary>Reads what the index holds of the buckets, in memory that does not grow with the number of objects.</summary>
    /// <param name="isChosenOnly">Whether to leave out objects that were not chosen.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="ArchiveFormatException">The index is damaged, or says of an entry nothing that fits its place.</exception>
    public async IAsyncEnumerable<FileWork> ReadAsync(bool isChosenOnly, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entry in archive.ReadIndexAsync(StorageFolder, cancellationToken).ConfigureAwait(false))
        {
            if (!byFolder.TryGetValue(FolderOf(entry.Path), out var work))
            {
                continue;
            }

            if (entry.Object is not { } found || found.Bucket != work.Bucket.Id)
            {
                throw new ArchiveFormatException(
                    $"The index does not say which object of bucket '{work.Bucket.Id}' the entry {entry.Path} holds.")
                {
                    Subject = entry.Path,
                    Hint = "Verify the backup and restore from another one.",
                };
            }

            if (!isChosenOnly || selection.Includes(found.Bucket, found.Name))
            {
                yield return new FileWork(entry, work);
            }
        }
    }

    /// <summary>Says whether an object was chosen.</summary>
    public bool IsChosen(FileWork file) => selection.Includes(file.Object.Bucket, file.Object.Name);

    private static string FolderOf(string path)
    {
        var end = path.IndexOf('/', StorageFolder.Length);
        return end < 0 ? "" : path[..(end + 1)];
    }
}

/// <summary>One object to be restored.</summary>
/// <param name="Entry">Its entry in the backup.</param>
/// <param name="Work">Its bucket.</param>
internal readonly record struct FileWork(IndexEntry Entry, BucketWork Work)
{
    /// <summary>What the source's store knew of it.</summary>
    public StoredObject Object => Entry.Object!;

    /// <summary>Bucket and name, for people.</summary>
    public string Subject => $"{Object.Bucket}/{Object.Name}";
}
