using Backup.Core.Restore;
using Microsoft.Extensions.Time.Testing;

namespace Backup.Core.Tests.Restore;

public sealed class RestoreTrackerTests
{
    [Fact]
    public void Remaining_ManySmallObjectsThenALargeOne_CountsBothNumberAndBytes()
    {
        var time = new FakeTimeProvider();
        var told = new Told();
        var tracker = new RestoreTracker(told, time, TimeSpan.Zero)
        {
            Plan = new RestorePlan
            {
                Objects = [],
                Tables = [],
                LeftOut = [],
                Obstacles = [],
                Buckets = [new PlannedBucket { Id = "b", Exists = true, Chosen = new ObjectCount(1001, 1000 + (64 * 1024 * 1000)) }],
            },
        };
        tracker.Enter(RestorePhase.Files);
        tracker.AddFileBytes(0);
        time.Advance(TimeSpan.FromSeconds(10));

        for (var number = 0; number < 1000; number++)
        {
            tracker.AddFileBytes(1);
            tracker.AddFile();
        }

        Assert.Equal(100, told.Last!.BytesPerSecond);
        Assert.InRange(told.Last.Remaining!.Value.TotalSeconds, 9.9, 10.1);
        Assert.InRange(told.Last.Percent, 49, 51);
    }

    [Fact]
    public void AddFileBytes_AttemptThatFailed_IsTakenBackAndPercentDoesNotFall()
    {
        var told = new Told();
        var tracker = new RestoreTracker(told, new FakeTimeProvider(), TimeSpan.Zero)
        {
            Plan = new RestorePlan
            {
                Objects = [],
                Tables = [],
                LeftOut = [],
                Obstacles = [],
                Buckets = [new PlannedBucket { Id = "b", Exists = true, Chosen = new ObjectCount(1, 1_000_000) }],
            },
        };
        tracker.Enter(RestorePhase.Files);
        tracker.AddFileBytes(500_000);
        var before = told.Last!;

        tracker.AddFileBytes(-500_000);

        Assert.Equal(0, told.Last!.FileBytes);
        Assert.Equal(before.Percent, told.Last.Percent);
    }

    private sealed class Told : IProgress<RestoreProgress>
    {
        public RestoreProgress? Last { get; private set; }

        public void Report(RestoreProgress value) => Last = value;
    }
}
