using Backup.Core.ObjectStores;
using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Sources;

namespace Backup.Core.Tests.Pipeline;

public sealed class ObjectCountsTests
{
    private readonly ObjectCounts _counts = new();

    [Fact]
    public void Capture_CountedBuckets_KnowsTheTotals()
    {
        _counts.SetBuckets([Bucket("a", 3, 300), Bucket("b", 0, 0)]);

        Assert.Equal((3L, 300L), (_counts.Capture().Total, _counts.Capture().TotalBytes));
    }

    [Fact]
    public void Capture_BucketsThatNobodyCounted_KnowsTheTotalsAtTheEndOfTheListing()
    {
        _counts.SetBuckets([Bucket("a", null, null)]);
        _counts.AddListed(100);
        _counts.AddListed(null);
        Assert.Null(_counts.Capture().Total);

        _counts.CompleteListing();

        Assert.Equal((2L, 100L), (_counts.Capture().Total, _counts.Capture().TotalBytes));
    }

    [Fact]
    public void Capture_DownloadThatIsTriedAgain_CountsItsBytesOnce()
    {
        var first = _counts.Begin("b", "a", 100);
        _counts.AddRead(first, 60);
        Assert.Equal(new ObjectProgress("b", "a", 60, 100), Assert.Single(_counts.Capture().Current));
        _counts.End(first);
        var second = _counts.Begin("b", "a", 100);
        _counts.AddRead(second, 100);
        _counts.End(second);
        _counts.Complete(100);

        Assert.Equal((1L, 100L), (_counts.Capture().Done, _counts.Capture().Bytes));
        Assert.Equal(160, _counts.ReceivedBytes);
    }

    private static BucketRun Bucket(string id, long? objects, long? bytes) =>
        new(new ChosenBucket(new BucketInfo { Id = id, Name = id }, objects, bytes), default, TimeProvider.System);
}
