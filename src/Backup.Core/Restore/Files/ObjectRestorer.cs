using Backup.Core.Archives;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;

namespace Backup.Core.Restore.Files;

/// <summary>Restores one object: compares it with what the store has, and uploads it unless it may or need not be. Safe for several threads.</summary>
internal sealed class ObjectRestorer(ArchiveReader archive, IObjectStore store, RestoreRequest request, RestoreTracker tracker)
{
    /// <summary>Restores an object, or in a dry run only finds out what would become of it. Counts nothing but bytes.</summary>
    /// <returns>What became of it.</returns>
    /// <exception cref="BackupException">It could not be restored.</exception>
    public async Task<FileAction> RestoreAsync(FileWork file, CancellationToken cancellationToken)
    {
        if (file.Object.Name.Length == 0)
        {
            throw new ObjectStoreException("An object without a name cannot be stored.") { Error = ObjectStoreError.InvalidName, Subject = file.Subject };
        }

        var action = await DecideAsync(file, cancellationToken).ConfigureAwait(false);
        if (!request.DryRun && action is FileAction.Create or FileAction.Overwrite)
        {
            await UploadAsync(file, action, cancellationToken).ConfigureAwait(false);
        }

        return action;
    }

    private async Task<FileAction> DecideAsync(FileWork file, CancellationToken cancellationToken)
    {
        if (file.Work.IsEmpty)
        {
            return FileAction.Create;
        }

        // To overwrite whatever there is nothing has to be known; only a plan tells the two apart.
        if (request is { OnConflict: ConflictPolicy.Overwrite, DryRun: false })
        {
            return FileAction.Overwrite;
        }

        var wanted = file.Object;
        var found = await store.FindObjectAsync(wanted.Bucket, wanted.Name, cancellationToken).ConfigureAwait(false);
        if (found is null || request.OnConflict == ConflictPolicy.Fail)
        {
            return found is null ? FileAction.Create : FileAction.Conflict;
        }

        return request.OnConflict == ConflictPolicy.SkipIdentical
            && ObjectComparison.AreIdentical(wanted, file.Entry.RawBytes, found, store.Capabilities.KeepsProperties)
            && await IsThereAsync(found, file.Entry.RawBytes, cancellationToken).ConfigureAwait(false)
                ? FileAction.Skip
                : FileAction.Overwrite;
    }

    // A Storage server looks objects up in its database: after that alone was restored, there are rows of files that are gone.
    private async Task<bool> IsThereAsync(StoredObject found, long bytes, CancellationToken cancellationToken)
    {
        try
        {
            var content = await store.OpenReadAsync(found.Bucket, found.Name, Math.Max(0, bytes - 1), cancellationToken).ConfigureAwait(false);
            await using var disposal = content.ConfigureAwait(false);
            var last = await content.Content.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return content.TotalBytes == bytes && last == Math.Min(1, bytes);
        }
        catch (ObjectStoreException exception) when (exception.Error != ObjectStoreError.AccessDenied)
        {
            return false;
        }
    }

    private async Task UploadAsync(FileWork file, FileAction action, CancellationToken cancellationToken)
    {
        var wanted = file.Object;
        var source = new UploadSource(archive, file.Entry, tracker);
        var upload = new ObjectUpload
        {
            Bucket = wanted.Bucket,
            Name = wanted.Name,
            OpenContent = source.OpenAsync,
            Bytes = file.Entry.RawBytes,
            ContentType = wanted.ContentType,
            CacheControl = wanted.CacheControl,
            RobotsTag = wanted.RobotsTag,
            UserMetadata = wanted.UserMetadata,

            // A store's own retry may find what its first attempt stored, so only the policy that must not overwrite forbids it.
            Overwrite = request.OnConflict != ConflictPolicy.Fail || file.Work.IsCreated,
        };
        try
        {
            await store.PutAsync(upload, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (source.Fault is BackupException && !cancellationToken.IsCancellationRequested)
        {
            // The store can only say that the transfer broke off; why it did is known here.
            source.TakeBack();
            throw source.Fault;
        }
        catch (ObjectStoreException exception) when (exception.Error == ObjectStoreError.AlreadyExists && action == FileAction.Create)
        {
            source.TakeBack();
            await ThrowUnlessOwnAsync(file, exception, cancellationToken).ConfigureAwait(false);
            tracker.AddFileBytes(file.Entry.RawBytes);
            return;
        }
        catch
        {
            source.TakeBack();
            throw;
        }

        if (!source.TryComplete())
        {
            source.TakeBack();
            throw source.Fault ?? new ObjectStoreException($"The store took '{wanted.Name}' without reading all of it.") { Subject = file.Subject };
        }
    }

    // It was not there before the upload: either another program was faster, or the answer to a first attempt was lost.
    private async Task ThrowUnlessOwnAsync(FileWork file, ObjectStoreException exception, CancellationToken cancellationToken)
    {
        var found = await store.FindObjectAsync(file.Object.Bucket, file.Object.Name, cancellationToken).ConfigureAwait(false);
        if (found is null || !ObjectComparison.AreIdentical(file.Object, file.Entry.RawBytes, found, store.Capabilities.KeepsProperties))
        {
            throw exception;
        }
    }
}

/// <summary>What becomes of an object.</summary>
internal enum FileAction
{
    /// <summary>It is uploaded; the bucket has none of that name.</summary>
    Create,

    /// <summary>It is uploaded in place of another.</summary>
    Overwrite,

    /// <summary>It is there already and identical.</summary>
    Skip,

    /// <summary>It is there already and may not be overwritten.</summary>
    Conflict,
}
