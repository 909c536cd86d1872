using Backup.Core.Archives;
using Backup.Core.Archives.Resuming;
using Backup.Core.Sinks;
using Backup.Core.Tests.Pipeline.Fakes;
using Backup.TestKit.Archives;
using Microsoft.Extensions.Time.Testing;

namespace Backup.Core.Tests.Pipeline.Suspension;

public sealed class AbandonedCleanUpTests
{
    private const int AbandonedRunRemoved = 122;
    private static readonly BackupId Other = new("20261121T010000Z-0002");
    private static readonly InMemoryTable Table = ResumedScene.Table("film", 2);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 3, 15, 0, TimeSpan.Zero));
    private readonly RecordingLogger _logger = new();
    private readonly InMemorySink _sink = new();

    [Fact]
    public async Task RunAsync_BesideACrashedRunWithoutCheckpoints_RemovesItAndLogsIt()
    {
        await LeaveAsync(until: _time.GetUtcNow());
        var bytes = await _sink.ListAsync(Other.Value).Select(file => file.Bytes).SumAsync();
        var scene = NewScene();

        var result = await scene.RunAsync();

        Assert.Equal(
            [$"Backup {result.Id} removed the unfinished run {Other} with 1 volumes and {bytes} bytes"], _logger.TextsOf(AbandonedRunRemoved));
        Assert.Empty(_logger.Warnings);
        Assert.All(await RunScene.NamesAsync(_sink), name => Assert.StartsWith(result.Id.Value, name, StringComparison.Ordinal));
        await scene.AssertHoldsAsync(result, Table);
    }

    [Fact]
    public async Task RunAsync_BesideARunThatIsAlive_LeavesIt()
    {
        await LeaveAsync(until: _time.GetUtcNow() + RunLease.Length);
        var before = await RunScene.NamesAsync(_sink);
        var scene = NewScene();

        var result = await scene.RunAsync();

        Assert.Empty(_logger.TextsOf(AbandonedRunRemoved));
        Assert.Equal(before, (await RunScene.NamesAsync(_sink)).Where(name => !name.StartsWith(result.Id.Value, StringComparison.Ordinal)));
        await scene.AssertHoldsAsync(result, Table);
    }

    private RunScene NewScene() => new()
    {
        Source = new InMemoryRowSource(Table),
        Sink = _sink,
        TimeProvider = _time,
        Logger = _logger,
    };

    private async Task LeaveAsync(DateTimeOffset until)
    {
        await LeaseFile.WriteAsync(_sink, Other, 4, new LeaseContent("dead/1/00", until), CancellationToken.None);
        await _sink.WriteObjectAsync($"{Other}/volume-0001.zip", [1, 2, 3]);
    }
}
