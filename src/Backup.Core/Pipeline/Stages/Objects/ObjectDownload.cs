using System.Threading.Channels;
using Backup.Core.Archives;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Backup.Core.Pipeline.Failures;
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
        var clock = new ItemClock(rules.ItemLimit, rules.TimeProvider, cancellationToken);
        await using var disposal = clock.ConfigureAwait(false);
        try
        {
            await ReadAsync(item, transfer, clock, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is ObjectStoreException or IOException && !cancellationToken.IsCancellationRequested)
        {
            await GiveUpEntryAsync(cancellationToken).ConfigureAwait(false);
            throw exception as ObjectStoreException ?? ObjectFaults.Broken(item, exception.Message, exception);
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
                ?? throw ObjectFaults.Gone(item);
            if (IsOtherVersion(item, found))
            {
                throw ObjectFaults.Changed(item, found.ETag, found.Bytes);
            }

            // A snapshot's row comes first; what the store lists may be older than what it says now, and the two must not be mixed.
            item = rules.HasUserMetadata ? Merge(item, found) : Merge(found, item) with { Bucket = item.Bucket, Name = item.Name };
        }

        return item.Name.Length > 0 && new EntryHeader(task.Path, null, task.Compressor.Method, item).CanBeIndexed() ? item : throw ObjectFaults.Unfit(item);
    }

    private async Task ReadAsync(StoredObject item, ObjectTransfer transfer, ItemClock clock, CancellationToken cancellationToken)
    {
        var share = await budget.AcquireAsync(context.Plan.ShareFor(item.Bytes), cancellationToken).ConfigureAwait(false);
        _entry = new ObjectEntry(task, item, share, context.Plan.SizesFor(item.Bytes), context, rules.Counts);
        var download = await OpenAsync(item, clock, cancellationToken).ConfigureAwait(false);
        await using (download.ConfigureAwait(false))
        {
            if (IsOther(item.Bytes, download.TotalBytes) || IsOtherETag(item.ETag, download.ETag))
            {
                await ThrowIfChangedAsync(item, cancellationToken).ConfigureAwait(false);
                throw ObjectFaults.Contradicted(item, download.ETag, download.TotalBytes);
            }

            if (item.ETag is not null && download.ETag is null)
            {
                await ThrowIfChangedAsync(item, cancellationToken).ConfigureAwait(false);
            }

            while (_entry is { } entry)
            {
                await ReadBlockAsync(entry, item, download, transfer, clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // An answer without an ETag, or with a strange one, does not tell which version it is. Its row does: asked now, it is that of these
    // bytes or of newer ones.
    private async Task ThrowIfChangedAsync(StoredObject item, CancellationToken cancellationToken)
    {
        var found = await rules.Store.FindObjectAsync(item.Bucket, item.Name, cancellationToken).ConfigureAwait(false)
            ?? throw ObjectFaults.Gone(item);
        if (IsOtherVersion(item, found))
        {
            throw ObjectFaults.Changed(item, found.ETag, found.Bytes);
        }
    }

    private async Task ReadBlockAsync(
        ObjectEntry entry,
        StoredObject item,
        ResumingDownload download,
        ObjectTransfer transfer,
        ItemClock clock,
        CancellationToken cancellationToken)
    {
        var block = await entry.RentBlockAsync(cancellationToken).ConfigureAwait(false);
        PackItem packed;
        try
        {
            var length = (int)Math.Min(block.Memory.Length, download.TotalBytes - entry.RawBytes);
            await FillAsync(block.Memory[..length], item, download, transfer, clock, cancellationToken).ConfigureAwait(false);
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

    private async Task<ResumingDownload> OpenAsync(StoredObject item, ItemClock clock, CancellationToken cancellationToken)
    {
        clock.Start();
        try
        {
            return await ResumingDownload.OpenAsync(rules.Store, item.Bucket, item.Name, MaxResumes, clock.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (clock.IsOver && !cancellationToken.IsCancellationRequested)
        {
            throw ObjectFaults.TooSlow(item, rules.ItemLimit, exception);
        }
        finally
        {
            clock.Stop();
        }
    }

    private async Task FillAsync(
        Memory<byte> destination,
        StoredObject item,
        ResumingDownload download,
        ObjectTransfer transfer,
        ItemClock clock,
        CancellationToken cancellationToken)
    {
        clock.Start();
        try
        {
            while (!destination.IsEmpty)
            {
                // A store of which something always comes may never look at its token.
                clock.Token.ThrowIfCancellationRequested();
                var read = await download.ReadAsync(destination, clock.Token).ConfigureAwait(false);
                if (read == 0)
                {
                    throw ObjectFaults.Broken(item, "the store sent fewer bytes than it announced", null);
                }

                rules.Counts.AddRead(transfer, read);
                destination = destination[read..];
            }
        }
        catch (Exception exception) when (clock.IsOver && !cancellationToken.IsCancellationRequested)
        {
            throw ObjectFaults.TooSlow(item, rules.ItemLimit, exception);
        }
        finally
        {
            clock.Stop();
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

    private static bool IsOtherETag(string? listed, string? found) => IsOther(ETags.Bare(listed), ETags.Bare(found));
}
