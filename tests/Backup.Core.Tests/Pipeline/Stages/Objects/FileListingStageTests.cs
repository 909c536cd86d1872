using System.Threading.Channels;
using Backup.Core.ObjectStores;
using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Sources;
using Backup.Core.Pipeline.Stages.Objects;
using Backup.Core.Pipeline.Suspension;

namespace Backup.Core.Tests.Pipeline.Stages.Objects;

public sealed class FileListingStageTests
{
    [Theory]
    [InlineData(10, 1000)]
    [InlineData(50_000, 20)]
    [InlineData(3_000_000, 1)]
    public async Task RunAsync_NobodyDownloads_ListsAheadNoFurtherThanMemoryGoes(int metadataLength, int most)
    {
        const int Objects = 1500;
        var output = Channel.CreateBounded<ListedObject>(1000);
        var bucket = new BucketRun(new ChosenBucket(new BucketInfo { Id = "b", Name = "b" }, null, null), default, TimeProvider.System);
        using var deadline = new RunDeadline(null, TimeProvider.System);
        var stage = new FileListingStage(new Listing(Objects, new string('x', metadataLength)), [bucket], "", new ObjectCounts(), deadline, output.Writer);

        var running = stage.RunAsync(Task.CompletedTask, CancellationToken.None);

        Assert.False(running.IsCompleted);
        Assert.InRange(output.Reader.Count, 1, most);
        for (var taken = 0; taken < Objects; taken++)
        {
            (await output.Reader.ReadAsync()).Dispose();
        }

        await running;
    }

    private sealed class Listing(int objects, string metadata) : ObjectListing
    {
        public override ObjectListingMethod Method => ObjectListingMethod.Store;

        public override bool HasUserMetadata => true;

        public override Task<IReadOnlyList<ChosenBucket>> FindBucketsAsync(ObjectSelection selection, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public override async IAsyncEnumerable<StoredObject> ListObjectsAsync(
            string bucket, string prefix, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            for (var number = 0; number < objects; number++)
            {
                yield return new StoredObject { Bucket = bucket, Name = $"{number:d4}", UserMetadata = metadata };
            }
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
