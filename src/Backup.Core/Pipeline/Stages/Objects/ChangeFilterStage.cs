using System.Threading.Channels;
using Backup.Core.Archives;
using Backup.Core.Compression;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;

namespace Backup.Core.Pipeline.Stages.Objects;

/// <summary>Decides what becomes of each listed object: its path, and how it is packed.</summary>
/// <remarks>One worker: paths are assigned by one caller, in the order of the listing.</remarks>
internal sealed class ChangeFilterStage(ICompressor compressor, ChannelReader<ListedObject> input, ChannelWriter<ObjectTask> output)
{
    private readonly ObjectPaths _paths = new();
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
