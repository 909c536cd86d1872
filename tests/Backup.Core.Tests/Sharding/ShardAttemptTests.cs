using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Distribution;
using Backup.Core.Sharding.Coordination;
using Backup.Core.Sharding.Planning;
using Backup.Core.Sharding.Execution;
using Microsoft.Extensions.Logging.Abstractions;

namespace Backup.Core.Tests.Sharding;

public sealed class ShardAttemptTests : IAsyncDisposable
{
    private static readonly Shard Shard = new() { Id = 4, Ranges = [new ShardRange { Bucket = "b" }], EstimatedBytes = 1 };

    private readonly RunProgress _progress = new(BackupId.Create(DateTimeOffset.UnixEpoch), null, TimeProvider.System, NullLogger.Instance);
    private readonly CountedNumbers _numbers = new(2, 5);

    public ValueTask DisposeAsync() => _progress.DisposeAsync();

    [Fact]
    public async Task NextVolumeAsync_OfSeveralAttempts_IsNeverTheSame()
    {
        var (first, second) = (AttemptOf(1), AttemptOf(2));

        Assert.Equal(3, await first.NextVolumeAsync(CancellationToken.None));
        Assert.Equal(4, await second.NextVolumeAsync(CancellationToken.None));
        Assert.Equal(6, await first.NextIndexPartAsync(CancellationToken.None));
        Assert.Equal(["volume-0003.zip", "index-0006.ndjson.gz"], first.Files);
    }

    [Fact]
    public async Task NextVolumeAsync_AttemptWasGivenUp_GivesNone()
    {
        var attempt = AttemptOf(1);
        attempt.Close(default);

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await attempt.NextVolumeAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Close_AttemptFailed_TakesBackWhatItTold()
    {
        var attempt = AttemptOf(1);
        await attempt.ReportAsync(new WorkerCounts(1, 2, 3, 4, 5, 6), CancellationToken.None);
        attempt.Close(default);
        await attempt.ReportAsync(new WorkerCounts(1, 2, 3, 4, 5, 6), CancellationToken.None);

        Assert.Equal(new RunCounts(0, 0, 0, 0), _progress.Counts);
    }

    [Fact]
    public async Task FindFault_ResultOfThisAttempt_IsNone()
    {
        var attempt = AttemptOf(2);
        var volume = await attempt.NextVolumeAsync(CancellationToken.None);

        Assert.Null(attempt.FindFault(ResultOf(2, volume)));
    }

    [Fact]
    public async Task FindFault_ResultOfAnEarlierAttempt_IsOne()
    {
        var attempt = AttemptOf(2);
        var volume = await attempt.NextVolumeAsync(CancellationToken.None);

        Assert.NotNull(attempt.FindFault(ResultOf(1, volume)));
    }

    [Fact]
    public async Task FindFault_FileOfAnotherNumber_IsOne()
    {
        var attempt = AttemptOf(1);
        var volume = await attempt.NextVolumeAsync(CancellationToken.None);

        Assert.Contains("volume-0009.zip", attempt.FindFault(ResultOf(1, volume, 9)), StringComparison.Ordinal);
    }

    private ShardAttempt AttemptOf(int number) => new(Shard, number, _numbers, _progress);

    private static ShardResult ResultOf(int attempt, params int[] volumes) => new()
    {
        Shard = Shard.Id,
        Attempt = attempt,
        Volumes = [.. volumes.Select(number => new VolumeRecord(ArchiveNames.Volume(number), 1, new string('0', 64), 1))],
        IndexParts = [],
        Entries = 1,
        RawBytes = 1,
        Ranges = [new ShardRangeResult(1, 1, 1, 0)],
    };
}
