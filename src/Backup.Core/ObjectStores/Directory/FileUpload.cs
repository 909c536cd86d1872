using Backup.Core.Errors;

namespace Backup.Core.ObjectStores;

/// <summary>Writes an object aside and renames it, so that no reader ever sees a part of it.</summary>
internal sealed class FileUpload(BucketFolders folders)
{
    private const int BufferBytes = 128 * 1024;

    private readonly Lock _publishing = new();

    /// <summary>Stores an object.</summary>
    public async Task StoreAsync(ObjectUpload upload, CancellationToken cancellationToken)
    {
        var path = folders.PathOf(upload.Bucket, upload.Name);
        var folder = Path.GetDirectoryName(path)!;
        var partial = Path.Join(folder, FileNames.NewPartial());
        try
        {
            Directory.CreateDirectory(folder);
            await WriteAsync(upload, partial, cancellationToken).ConfigureAwait(false);
            ThrowIfTwin(upload, partial);
            lock (_publishing)
            {
                // Without the lock two uploads can both find the name free: a move that must not replace looks first and then renames.
                File.Move(partial, path, upload.Overwrite);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Failed(upload, path, exception);
        }
        finally
        {
            // Gone when the object was published; best effort, so that it never hides why the upload failed.
            DeleteQuietly(partial);
        }
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
                        $"Cannot {Action(upload)}: {upload.Bytes} bytes were announced, {file.Length} came.")
                    {
                        Subject = $"{upload.Bucket}/{upload.Name}",
                    };
                }

                await file.FlushAsync(cancellationToken).ConfigureAwait(false);
                file.Flush(flushToDisk: true);
            }
        }
    }

    private static ObjectStoreException Failed(ObjectUpload upload, string path, Exception cause)
    {
        var subject = $"{upload.Bucket}/{upload.Name}";
        if (!upload.Overwrite && File.Exists(path))
        {
            return new ObjectStoreException($"'{MessageText.OneLine(upload.Name)}' exists already in bucket '{upload.Bucket}'.", cause)
            {
                Error = ObjectStoreError.AlreadyExists,
                Subject = subject,
            };
        }

        if (Directory.Exists(path))
        {
            return BucketFolders.Refused(
                upload.Bucket, upload.Name, $"Cannot {Action(upload)}: it is a folder there.");
        }

        for (var folder = Path.GetDirectoryName(path); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(folder))
            {
                return BucketFolders.Refused(
                    upload.Bucket,
                    upload.Name,
                    $"Cannot {Action(upload)}: '{folder}' is an object and cannot be a folder too.");
            }
        }

        return new ObjectStoreException($"Cannot {Action(upload)}: {MessageText.OneLine(cause.Message)}.", cause)
        {
            Error = cause is UnauthorizedAccessException ? ObjectStoreError.AccessDenied : ObjectStoreError.Other,
            Subject = subject,
        };
    }

    private static string Action(ObjectUpload upload) => $"store '{MessageText.OneLine(upload.Name)}' in bucket '{upload.Bucket}'";

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

    // The file just written tells whether this disk ignores case: is it there by its name in capitals too?
    private void ThrowIfTwin(ObjectUpload upload, string partial)
    {
        var capitals = Path.Join(Path.GetDirectoryName(partial), Path.GetFileName(partial).ToUpperInvariant());
        if (File.Exists(capitals) && folders.FindTwin(upload.Bucket, upload.Name) is { } twin)
        {
            throw BucketFolders.Refused(
                upload.Bucket,
                upload.Name,
                $"Cannot {Action(upload)}: '{twin}' is there, which differs only in case, and this disk "
                + "ignores case.");
        }
    }
}
