using System.Threading.Channels;
using Backup.Core.Archives;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Backup.Core.Pipeline.Memory;

namespace Backup.Core.Pipeline.Stages.Objects;

/// <summary>The download of one object into one entry. For one worker, used once.</summary>
/// <remarks>
/// The memory is taken before the object is opened, never in its middle. What the store answers is compared with what was
/// listed before the first byte is taken: an object that is another one by now never gets into the archive.
/// </remarks>
internal sealed class ObjectDownload(
    ObjectTask task, ObjectReadRules rules, MemoryBudget budget, EntryContext context, ChannelWriter<PackItem> output) : IDisposable
{
    // A transfer that breaks off this often does not end well.
    private const int MaxResumes = 10;

    private ObjectEntry? _entry;

    /// <summary>Downloads the object.</summary>
    /// <exception cref="ObjectStoreException">It is not in the archive and will not be: changed, gone or unreadable.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var item = await CompleteAsync(cancellationToken).ConfigureAwait(false);
        var transfer = rules.Counts.Begin(item.Bucket, item.Name, item.Bytes);
        try
        {
            await ReadAsync(item, transfer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is ObjectStoreException or IOException && !cancellationToken.IsCancellationRequested)
        {
            await GiveUpEntryAsync(cancellationToken).ConfigureAwait(false);
            throw exception as ObjectStoreException ?? Broken(item, exception.Message, exception);
        }
        finally
        {
            rules.Counts.End(transfer);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // A streamed entry is the archive stage's to dispose.
        if (_entry is { IsStreamed: false })
        {
            _entry.Dispose();
        }
    }

    // What a listing lacks is asked of the store, and must be of the object that was listed.
    private async Task<StoredObject> CompleteAsync(CancellationToken cancellationToken)
    {
        var item = task.Item;
        if (!rules.HasUserMetadata || item.Bytes is null || item.ETag is null)
        {
            var found = await rules.Store.FindObjectAsync(item.Bucket, item.Name, cancellationToken).ConfigureAwait(false)
                ?? throw Gone(item);
            if (IsOtherVersion(item, found))
            {
                throw Changed(item, found.ETag, found.Bytes);
            }

            // A snapshot's row comes first; what the store lists may be older than what it says now, and the two must not be mixed.
            item = rules.HasUserMetadata ? Merge(item, found) : Merge(found, item) with { Bucket = item.Bucket, Name = item.Name };
        }

        return item.Name.Length > 0 && ArchiveWriter.CanIndex(new EntryHeader(task.Path, null, task.Compressor.Method, item)) ? item : throw Unfit(item);
    }

    private async Task ReadAsync(StoredObject item, ObjectTransfer transfer, CancellationToken cancellationToken)
    {
        var share = await budget.AcquireAsync(context.Plan.ShareFor(item.Bytes), cancellationToken).ConfigureAwait(false);
        _entry = new ObjectEntry(task, item, share, context.Plan.SizesFor(item.Bytes), context, rules.Counts);
        var download = await ResumingDownload
            .OpenAsync(rules.Store, item.Bucket, item.Name, MaxResumes, cancellationToken).ConfigureAwait(false);
        await using (download.ConfigureAwait(false))
        {
            if (IsOther(item.Bytes, download.TotalBytes) || IsOtherETag(item.ETag, download.ETag))
            {
                await ThrowIfChangedAsync(item, cancellationToken).ConfigureAwait(false);
                throw Contradicted(item, download.ETag, download.TotalBytes);
            }

            if (item.ETag is not null && download.ETag is null)
            {
                await ThrowIfChangedAsync(item, cancellationToken).ConfigureAwait(false);
            }

            while (_entry is { } entry)
            {
                await ReadBlockAsync(entry, item, download, transfer, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // An answer without an ETag, or with a strange one, does not tell which version it is. Its row does: asked now, it is that of these
    // bytes or of newer ones.
    private async Task ThrowIfChangedAsync(StoredObject item, CancellationToken cancellationToken)
    {
        var found = await rules.Store.FindObjectAsync(item.Bucket, item.Name, cancellationToken).ConfigureAwait(false)
            ?? throw Gone(item);
        if (IsOtherVersion(item, found))
        {
            throw Changed(item, found.ETag, found.Bytes);
        }
    }

    private async Task ReadBlockAsync(
        ObjectEntry entry, StoredObject item, ResumingDownload download, ObjectTransfer transfer, CancellationToken cancellationToken)
    {
        var block = await entry.RentBlockAsync(cancellationToken).ConfigureAwait(false);
        PackItem packed;
        try
        {
            var length = (int)Math.Min(block.Memory.Length, download.TotalBytes - entry.RawBytes);
            await FillAsync(block.Memory[..length], item, download, transfer, cancellationToken).ConfigureAwait(false);
            var isLast = entry.RawBytes + length == download.TotalBytes;
            if (isLast)
            {
                // Finds bytes beyond the announced size, as a file that is being written has them; there are none to keep.
                await download.ReadAsync(new byte[1], cancellationToken).ConfigureAwait(false);
            }

            packed = entry.Append(block, length, isLast);
        }
        catch
        {
            entry.Return(block);
            throw;
        }

        await packed.SendAsync(output, cancellationToken).ConfigureAwait(false);
        if (packed.IsLast)
        {
            // The packers hold the entry now and hand it to the archive stage.
            _entry = null;
        }
    }

    private async Task FillAsync(
        Memory<byte> destination, StoredObject item, ResumingDownload download, ObjectTransfer transfer, CancellationToken cancellationToken)
    {
        while (!destination.IsEmpty)
        {
            var read = await download.ReadAsync(destination, cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                throw Broken(item, "the store sent fewer bytes than it announced", null);
            }

            rules.Counts.AddRead(transfer, read);
            destination = destination[read..];
        }
    }

    private async Task GiveUpEntryAsync(CancellationToken cancellationToken)
    {
        if (_entry is not { } entry)
        {
            return;
        }

        if (!entry.IsStreamed)
        {
            _entry = null;
            entry.Dispose();
            entry.OnDropped();
            return;
        }

        // Part of it is in the volume already: it is brought to a regular end, and the archive stage abandons it.
        entry.Truncate();
        var block = await entry.RentBlockAsync(cancellationToken).ConfigureAwait(false);
        await entry.Append(block, 0, isLast: true).SendAsync(output, cancellationToken).ConfigureAwait(false);
        _entry = null;
    }

    private static StoredObject Merge(StoredObject first, StoredObject second) => first with
    {
        Id = first.Id ?? second.Id,
        Bytes = first.Bytes ?? second.Bytes,
        ETag = first.ETag ?? second.ETag,
        Version = first.Version ?? second.Version,
        ContentType = first.ContentType ?? second.ContentType,
        CacheControl = first.CacheControl ?? second.CacheControl,
        RobotsTag = first.RobotsTag ?? second.RobotsTag,
        UserMetadata = first.UserMetadata ?? second.UserMetadata,
        OwnerId = first.OwnerId ?? second.OwnerId,
        CreatedAt = first.CreatedAt ?? second.CreatedAt,
        UpdatedAt = first.UpdatedAt ?? second.UpdatedAt,
    };

    private static bool IsOtherVersion(StoredObject listed, StoredObject found) =>
        IsOtherETag(listed.ETag, found.ETag) || IsOther(listed.Version, found.Version) || IsOther(listed.Bytes, found.Bytes);

    private static bool IsOther<T>(T? listed, T? found) => listed is not null && found is not null && !listed.Equals(found);

    // Proxies mark an ETag as weak when they would pack the bytes, which they are not asked to; the listing may leave the quotes out.
    private static bool IsOtherETag(string? listed, string? found) => IsOther(Bare(listed), Bare(found));

    private static string? Bare(string? eTag) =>
        (eTag?.StartsWith("W/", StringComparison.Ordinal) == true ? eTag[2..] : eTag)?.Trim('"');

    private static ObjectStoreException Changed(StoredObject item, string? eTag, long? bytes) =>
        new($"{Words(item)} changed after it was listed: it was {Words(item.ETag, item.Bytes)} and is {Words(eTag, bytes)}.")
        {
            Error = ObjectStoreError.Changed,
            Subject = $"{item.Bucket}/{item.Name}",
        };

    // Nothing was overwritten through the store: its row and its bytes were never, or are no longer, of each other.
    private static ObjectStoreException Contradicted(StoredObject item, string? eTag, long bytes) =>
        new($"{Words(item)} is not what the store says of it: that is {Words(item.ETag, item.Bytes)}, and what comes is {Words(eTag, bytes)}; "
            + "a cache may have answered, or the file was changed past the store.")
        {
            Error = ObjectStoreError.Changed,
            Subject = $"{item.Bucket}/{item.Name}",
        };

    private static ObjectStoreException Gone(StoredObject item) =>
        new($"{Words(item)} is gone since it was listed.")
        {
            Error = ObjectStoreError.ObjectNotFound,
            Subject = $"{item.Bucket}/{item.Name}",
        };

    private static ObjectStoreException Unfit(StoredObject item) =>
        new($"{Words(item)} cannot be named in the index: its name is empty, or its name or metadata is too long or no valid text.")
        {
            Error = ObjectStoreError.InvalidName,
            Subject = $"{item.Bucket}/{item.Name}",
        };

    private static ObjectStoreException Broken(StoredObject item, string reason, Exception? cause) =>
        new($"Cannot download {Words(item)}: {reason.TrimEnd('.')}.", cause)
        {
            Error = ObjectStoreError.Unavailable,
            Subject = $"{item.Bucket}/{item.Name}",
            IsTransient = true,
        };

    private static string Words(StoredObject item) => $"'{MessageText.OneLine(item.Name)}' of bucket '{item.Bucket}'";

    private static string Words(string? eTag, long? bytes) => $"{MessageText.OneLine(eTag ?? "without ETag")} of {(bytes is null ? "unknown size" : $"{bytes} bytes")}";
}
