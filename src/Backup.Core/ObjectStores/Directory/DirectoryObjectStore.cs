using System.Globalization;
using System.Runtime.CompilerServices;
using Backup.Core.Errors;

namespace Backup.Core.ObjectStores;

/// <summary>Buckets as folders and objects as files: to back up a tree of files, or to restore objects to a disk.</summary>
/// <remarks>
/// Thread-safe. Files are written aside and renamed, so a reader sees an object whole. Settings of buckets, content types and
/// metadata are not kept. A name that this file system cannot hold apart from others (an empty, <c>.</c> or <c>..</c> segment, an
/// object that is also a folder, two names that differ only in case on a disk that ignores it) is refused, never changed.
/// </remarks>
public sealed class DirectoryObjectStore : IObjectStore
{
    private const string PartialSuffix = ".partial";
    private const int BufferBytes = 128 * 1024;

    private readonly string _root;

    /// <summary>Creates a store.</summary>
    /// <param name="path">The folder that holds the buckets; created with the first bucket.</param>
    public DirectoryObjectStore(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        _root = Path.GetFullPath(path);
        Capabilities = new ObjectStoreCapabilities { Location = _root, KeepsProperties = false };
    }

    /// <inheritdoc/>
    public ObjectStoreCapabilities Capabilities { get; }

    /// <inheritdoc/>
    public async IAsyncEnumerable<BucketInfo> ListBucketsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var folder in Guard("list the buckets", _root, () => Folders(new DirectoryInfo(_root))))
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
        var pending = new Stack<(string Key, FileSystemInfo Item)>();
        pending.Push((string.Empty, FindBucket(bucket)));
        while (pending.TryPop(out var next))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (next.Item is FileInfo file)
            {
                yield return ToObject(bucket, next.Key, file);
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
        var file = new FileInfo(PathOf(bucket, name));
        return ValueTask.FromResult(file.Exists ? ToObject(bucket, name, file) : null);
    }

    /// <inheritdoc/>
    public ValueTask<ObjectContent> OpenReadAsync(
        string bucket, string name, long offset = 0, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        FindBucket(bucket);
        var path = PathOf(bucket, name);
        return Guard($"read '{name}' of bucket '{bucket}'", $"{bucket}/{name}", () =>
        {
            var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferBytes, useAsync: true);
            stream.Position = offset;
            return ValueTask.FromResult(new ObjectContent(stream, stream.Length, ETagOf(new FileInfo(path))));
        });
    }

    /// <inheritdoc/>
    public async ValueTask PutAsync(ObjectUpload upload, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(upload);
        FindBucket(upload.Bucket);
        var path = PathOf(upload.Bucket, upload.Name);
        var partial = Path.Join(Path.GetDirectoryName(path), $".{Guid.NewGuid():N}{PartialSuffix}");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await WriteAsync(upload, partial, cancellationToken).ConfigureAwait(false);
            File.Move(partial, path, upload.Overwrite);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var exists = !upload.Overwrite && File.Exists(path);
            throw new ObjectStoreException(
                exists
                    ? $"'{upload.Name}' exists already in bucket '{upload.Bucket}'."
                    : $"Cannot store '{upload.Name}' in bucket '{upload.Bucket}': {exception.Message}",
                exception)
            {
                Error = exists ? ObjectStoreError.AlreadyExists : ObjectStoreError.Other,
                Subject = $"{upload.Bucket}/{upload.Name}",
            };
        }
        finally
        {
            // Gone when the object was published; best effort, so that it never hides why the upload failed.
            DeleteQuietly(partial);
        }
    }

    /// <inheritdoc/>
    public ValueTask CreateBucketAsync(BucketInfo bucket, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bucket);
        var path = BucketPath(bucket.Id);
        if (Directory.Exists(path))
        {
            throw new ObjectStoreException($"Bucket '{bucket.Id}' exists already.") { Error = ObjectStoreError.AlreadyExists, Subject = bucket.Id };
        }

        Guard($"create bucket '{bucket.Id}'", bucket.Id, () => Directory.CreateDirectory(path));
        return ValueTask.CompletedTask;
    }

    private static async Task WriteAsync(ObjectUpload upload, string path, CancellationToken cancellationToken)
    {
        var content = await upload.OpenContent(cancellationToken).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferBytes, useAsync: true);
            await using (file.ConfigureAwait(false))
            {
                await content.CopyToAsync(file, BufferBytes, cancellationToken).ConfigureAwait(false);
                if (file.Length != upload.Bytes)
                {
                    throw new ObjectStoreException(
                        $"Cannot store '{upload.Name}' in bucket '{upload.Bucket}': {upload.Bytes} bytes were announced, {file.Length} came.")
                    {
                        Subject = $"{upload.Bucket}/{upload.Name}",
                    };
                }

                await file.FlushAsync(cancellationToken).ConfigureAwait(false);
                file.Flush(flushToDisk: true);
            }
        }
    }

    private static void DeleteQuietly(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }

    private static IEnumerable<DirectoryInfo> Folders(DirectoryInfo root)
    {
        if (!root.Exists)
        {
            return [];
        }

        return root.EnumerateDirectories().Where(folder => folder.Name[0] != '.').OrderBy(folder => folder.Name, StringComparer.Ordinal);
    }

    // A folder's key ends in a slash, so that sorting the keys sorts the names below them; last first, as a stack wants them.
    private static List<(string Key, FileSystemInfo Item)> Children(DirectoryInfo folder, string key) =>
    [
        .. folder.EnumerateFileSystemInfos()
            .Where(item => item.LinkTarget is null && !item.Name.EndsWith(PartialSuffix, StringComparison.Ordinal))
            .Select(item => (Key: key + item.Name + (item is DirectoryInfo ? "/" : string.Empty), Item: item))
            .OrderByDescending(item => item.Key, Utf8Order.Instance),
    ];

    private static StoredObject ToObject(string bucket, string name, FileInfo file) => new()
    {
        Bucket = bucket,
        Name = name,
        Bytes = file.Length,
        ETag = ETagOf(file),
        UpdatedAt = file.LastWriteTimeUtc,
    };

    private static string ETagOf(FileInfo file) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{file.LastWriteTimeUtc.Ticks:x}-{file.Length:x}\"");

    private static T Guard<T>(string action, string subject, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ObjectStoreException($"Cannot {action}: {exception.Message}", exception)
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

    private DirectoryInfo FindBucket(string bucket)
    {
        var folder = new DirectoryInfo(BucketPath(bucket));
        return folder.Exists
            ? folder
            : throw new ObjectStoreException($"There is no bucket '{bucket}' in '{_root}'.") { Error = ObjectStoreError.BucketNotFound, Subject = bucket };
    }

    private string BucketPath(string bucket)
    {
        ArgumentException.ThrowIfNullOrEmpty(bucket);
        return FileNames.IsSafeSegment(bucket) && bucket[0] != '.'
            ? Path.Join(_root, bucket)
            : throw new ObjectStoreException($"'{bucket}' cannot be a bucket's folder.") { Error = ObjectStoreError.InvalidName, Subject = bucket };
    }

    private string PathOf(string bucket, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return name.Split('/').All(FileNames.IsSafeSegment)
            ? Path.Join(BucketPath(bucket), name)
            : throw new ObjectStoreException($"'{name}' cannot be a file's name in '{_root}'.")
            {
                Error = ObjectStoreError.InvalidName,
                Subject = $"{bucket}/{name}",
            };
    }
}
