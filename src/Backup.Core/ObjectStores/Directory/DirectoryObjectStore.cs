using System.Globalization;
using System.Runtime.CompilerServices;
using Backup.Core.Errors;

namespace Backup.Core.ObjectStores;

/// <summary>Buckets as folders and objects as files: to back up a tree of files, or to restore objects to a disk.</summary>
/// <remarks>
/// Thread-safe. Files are written aside and renamed, so a reader sees an object whole. Settings of buckets, content types and
/// metadata are not kept. A name that this file system cannot hold apart from others (an empty, <c>.</c> or <c>..</c> segment, an
/// object that is also a folder, two names that differ only in case on a disk that ignores it) is refused, never changed. Links
/// are no objects: they are not listed and not followed. Folders that begin with a dot are no buckets.
/// </remarks>
public sealed class DirectoryObjectStore : IObjectStore
{
    private readonly BucketFolders _folders;
    private readonly FileUpload _upload;
    private readonly Lock _creation = new();

    /// <summary>Creates a store.</summary>
    /// <param name="path">The folder that holds the buckets; created with the first bucket.</param>
    public DirectoryObjectStore(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        _folders = new BucketFolders(Path.GetFullPath(path));
        _upload = new FileUpload(_folders);
        Capabilities = new ObjectStoreCapabilities { Location = _folders.Root, KeepsProperties = false };
    }

    /// <inheritdoc/>
    public ObjectStoreCapabilities Capabilities { get; }

    /// <inheritdoc/>
    public async IAsyncEnumerable<BucketInfo> ListBucketsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var folder in Guard("list the buckets", _folders.Root, ListBuckets))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new BucketInfo { Id = folder.Name, Name = folder.Name, UpdatedAt = folder.LastWriteTimeUtc };
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredObject> ListObjectsAsync(
        string bucket, string prefix = "", [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        await Task.CompletedTask.ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        var pending = new Stack<(string Key, FileSystemInfo Item)>();
        pending.Push((string.Empty, _folders.Find(bucket)));
        while (pending.TryPop(out var next))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (next.Item is FileInfo file)
            {
                if (Guard($"list bucket '{bucket}'", bucket, () => ToObject(bucket, next.Key, file)) is { } found)
                {
                    yield return found;
                }

                continue;
            }

            foreach (var item in Guard($"list bucket '{bucket}'", bucket, () => Children((DirectoryInfo)next.Item, next.Key)))
            {
                if (item.Key.StartsWith(prefix, StringComparison.Ordinal) || prefix.StartsWith(item.Key, StringComparison.Ordinal))
                {
                    pending.Push(item);
                }
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<StoredObject?> FindObjectAsync(string bucket, string name, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = _folders.PathOf(bucket, name);
        var found = Guard($"look up '{name}' in bucket '{bucket}'", $"{bucket}/{name}", () => ToObject(bucket, name, new FileInfo(path)));
        return found is { Bytes: null }
            ? throw BucketFolders.Refused(
                bucket, name, $"'{MessageText.OneLine(name)}' of bucket '{bucket}' cannot be read: its name on the disk is no valid UTF-8.")
            : ValueTask.FromResult(found);
    }

    /// <inheritdoc/>
    public ValueTask<ObjectContent> OpenReadAsync(
        string bucket, string name, long offset = 0, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        cancellationToken.ThrowIfCancellationRequested();
        var path = _folders.PathOf(bucket, name);
        return ValueTask.FromResult(Guard($"read '{name}' of bucket '{bucket}'", $"{bucket}/{name}", () =>
        {
            var found = new FileInfo(path);
            if (!found.Exists && Directory.Exists(path))
            {
                throw new FileNotFoundException("it is a folder");
            }

            if (offset == 0 && found is { Exists: true, Length: 0 })
            {
                // A pipe has no length either, and opening it would wait for a writer for ever.
                return new ObjectContent(Stream.Null, 0, ETagOf(found.LastWriteTimeUtc, 0));
            }

            var file = FileContentStream.Open(path, bucket, name, offset);
            if (offset > 0 && offset >= file.TotalBytes)
            {
                file.Dispose();
                throw new ObjectStoreException($"Cannot read '{MessageText.OneLine(name)}' of bucket '{bucket}' from byte {offset} on: it has {file.TotalBytes} bytes.")
                {
                    Error = ObjectStoreError.Changed,
                    Subject = $"{bucket}/{name}",
                };
            }

            return new ObjectContent(file, file.TotalBytes, ETagOf(file.LastWriteTimeUtc, file.TotalBytes));
        }));
    }

    /// <inheritdoc/>
    public async ValueTask PutAsync(ObjectUpload upload, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(upload);
        cancellationToken.ThrowIfCancellationRequested();
        await _upload.StoreAsync(upload, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask CreateBucketAsync(BucketInfo bucket, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bucket);
        cancellationToken.ThrowIfCancellationRequested();
        var path = _folders.PathOf(bucket.Id);
        lock (_creation)
        {
            if (Path.Exists(path))
            {
                throw new ObjectStoreException($"Bucket '{bucket.Id}' exists already in '{_folders.Root}'.")
                {
                    Error = ObjectStoreError.AlreadyExists,
                    Subject = bucket.Id,
                };
            }

            Guard($"create bucket '{bucket.Id}'", bucket.Id, () => Directory.CreateDirectory(path));
        }

        return ValueTask.CompletedTask;
    }

    // A folder's key ends in a slash, so that sorting the keys sorts the names below them; last first, as a stack wants them.
    private static List<(string Key, FileSystemInfo Item)> Children(DirectoryInfo folder, string key) =>
    [
        .. folder.EnumerateFileSystemInfos()
            .Where(item => !FileNames.IsPartial(item.Name) && !BucketFolders.IsLink(item))
            .Select(item => (Key: key + item.Name + (item is DirectoryInfo ? "/" : string.Empty), Item: item))
            .OrderByDescending(item => item.Key, Utf8Order.Instance),
    ];

    // null when it is gone, as files come and go while they are listed.
    private static StoredObject? ToObject(string bucket, string name, FileInfo file)
    {
        try
        {
            file.Refresh();
            if (!file.Exists)
            {
                // It is there but cannot be named: not gone, and not to be left out without a word.
                return FileNames.IsMisread(file) ? new StoredObject { Bucket = bucket, Name = name } : null;
            }

            return new StoredObject
            {
                Bucket = bucket,
                Name = name,
                Bytes = file.Length,
                ETag = ETagOf(file.LastWriteTimeUtc, file.Length),
                UpdatedAt = file.LastWriteTimeUtc,
            };
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private static string ETagOf(DateTime lastWrite, long bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{lastWrite.Ticks:x}-{bytes:x}\"");

    private static T Guard<T>(string action, string subject, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ObjectStoreException($"Cannot {MessageText.OneLine(action)}: {MessageText.OneLine(exception.Message)}.", exception)
            {
                Error = exception switch
                {
                    FileNotFoundException or DirectoryNotFoundException => ObjectStoreError.ObjectNotFound,
                    UnauthorizedAccessException => ObjectStoreError.AccessDenied,
                    _ => ObjectStoreError.Other,
                },
                Subject = subject,
            };
        }
    }

    private IEnumerable<DirectoryInfo> ListBuckets()
    {
        var root = new DirectoryInfo(_folders.Root);
        return root.Exists
            ? [.. root.EnumerateDirectories()
                .Where(folder => folder.Name[0] != '.' && !BucketFolders.IsLink(folder))
                .OrderBy(folder => folder.Name, StringComparer.Ordinal)]
            : [];
    }
}
