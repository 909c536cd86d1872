using System.Threading.Channels;
using Backup.Core.Archives;
using Backup.Core.Archives.Resuming;
using Backup.Core.Compression;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;

namespace Backup.Core.Pipeline.Stages.Objects;

/// <summary>Decides what becomes of each listed object: whether an earlier part of the run has stored it, its path, and how it is packed.</summary>
/// <remarks>One worker: paths are assigned by one caller, in the order of the listing.</remarks>
/// <param name="compressor">What packs those that are not packed by their own format.</param>
/// <param name="kept">What earlier parts of the run stored; <see langword="null"/> in a run of one part.</param>
/// <param name="counts">Told of what is passed over.</param>
/// <param name="input">The objects.</param>
/// <param name="output">Those to be downloaded.</param>
internal sealed class ChangeFilterStage(
    ICompressor compressor, ResumeState? kept, ObjectCounts counts, ChannelReader<ListedObject> input, ChannelWriter<ObjectTask> output)
{
    private readonly ObjectPaths _paths = kept?.ObjectPaths ?? new();
    private readonly NoCompressor _plain = new();

    /// <summary>Works until there are no more objects.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        StoredObject? last = null;
        await foreach (var listed in input.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            using (listed)
            {
                var item = listed.Item;
                ThrowIfTwice(last, item);
                last = item;
                if (kept is not null && await kept.Objects.HoldsAsync(item.Bucket, item.Name, cancellationToken).ConfigureAwait(false))
                {
                    // It stays as it was then, whatever has become of it.
                    listed.Bucket.AddKept();
                    counts.Complete(item.Bytes);
                    continue;
                }

                var packing = MediaTypes.IsPacked(item.ContentType, item.Name) ? _plain : compressor;
                var task = new ObjectTask(listed.Bucket, item, _paths.Assign(item.Bucket, item.Name), packing);
                await output.WriteAsync(task, cancellationToken).ConfigureAwait(false);
            }
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
