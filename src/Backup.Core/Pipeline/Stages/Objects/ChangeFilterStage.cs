using System.Threading.Channels;
using Backup.Core.Archives;
using Backup.Core.Compression;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;

namespace Backup.Core.Pipeline.Stages.Objects;

/// <summary>
/// Decides what becomes of each listed object: whether an earlier part of the run has stored it, its path, whether the parent holds it
/// as it is still, and how it is packed.
/// </summary>
/// <remarks>One worker: paths are assigned by one caller, in the order of the listing.</remarks>
/// <param name="rules">By what it decides.</param>
/// <param name="input">The objects.</param>
/// <param name="output">Those to be downloaded.</param>
internal sealed class ChangeFilterStage(ChangeRules rules, ChannelReader<ListedObject> input, ChannelWriter<ObjectTask> output)
{
    private readonly ObjectPaths _paths = rules.Paths ?? rules.Kept?.ObjectPaths ?? new();
    private readonly NoCompressor _plain = new();

    /// <summary>Works until there are no more objects.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        StoredObject? last = null;
        await foreach (var listed in input.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            var isReferenced = false;
            try
            {
                ThrowIfTwice(last, listed.Item);
                isReferenced = await DecideAsync(listed, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                // What is referenced keeps its room until it is in the archive.
                if (!isReferenced)
                {
                    listed.Dispose();
                }
            }

            last = listed.Item;
        }
    }

    private async Task<bool> DecideAsync(ListedObject listed, CancellationToken cancellationToken)
    {
        var item = listed.Item;
        if (rules.Kept is { } kept && await kept.Objects.HoldsAsync(item.Bucket, item.Name, cancellationToken).ConfigureAwait(false))
        {
            // It stays as it was then, whatever has become of it.
            listed.Bucket.AddKept();
            rules.Counts.Complete(item.Bytes);
            return false;
        }

        var path = _paths.Assign(item.Bucket, item.Name);
        var reference = rules.Unchanged is { } unchanged
            ? await unchanged.FindAsync(item, path, cancellationToken).ConfigureAwait(false)
            : null;
        if (rules.IsPreview)
        {
            Foresee(listed, reference);
            return false;
        }

        if (reference is not null)
        {
            await rules.References.SendAsync(new ObjectReference(listed, reference, rules.Counts), cancellationToken).ConfigureAwait(false);
            return true;
        }

        var packing = MediaTypes.IsPacked(item.ContentType, item.Name) ? _plain : rules.Compressor;
        await output.WriteAsync(new ObjectTask(listed.Bucket, item, path, packing), cancellationToken).ConfigureAwait(false);
        return false;
    }

    private void Foresee(ListedObject listed, IndexEntry? reference)
    {
        if (reference is not null)
        {
            listed.Bucket.AddReused(reference.RawBytes);
            rules.Counts.CompleteReused(reference.RawBytes);
        }
        else
        {
            // Of one whose size the listing does not know, none is counted.
            listed.Bucket.AddStored(listed.Item.Bytes ?? 0);
            rules.Counts.Complete(listed.Item.Bytes);
        }
    }

    // Names are listed in order, so equal ones follow one another.
    private static void ThrowIfTwice(StoredObject? last, StoredObject item)
    {
        if (last?.Name == item.Name && last.Bucket == item.Bucket)
        {
            throw new ObjectStoreException($"The listing of bucket '{item.Bucket}' names '{item.Name}' twice.") { Subject = item.Bucket };
        }
    }
}
