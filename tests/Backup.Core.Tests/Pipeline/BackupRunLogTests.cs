using Backup.Core.Errors;
using Backup.Core.Pipeline;
using Backup.Core.Tests.Pipeline.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Backup.Core.Tests.Pipeline;

/// <summary>Settings, host and plan are in the log of every run, and what it took in that of every run that ended by itself.</summary>
public sealed class BackupRunLogTests
{
    private const int ResourcesPlanned = 101;
    private const int OptionsInForce = 113;
    private const int RunMeasured = 114;
    private const int HostFound = 130;

    private readonly RecordingLogger _logger = new();

    [Fact]
    public async Task ExecuteAsync_Complete_LogsEachOnce()
    {
        var result = await new RunScene { Source = new InMemoryRowSource(ResumedScene.Table("t", 2)), Logger = _logger }.RunAsync();

        AssertBegun();
        AssertMeasured(result);
    }

    [Fact]
    public async Task ExecuteAsync_Suspended_LogsEachOnce()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 3, 15, 0, TimeSpan.Zero));
        var (large, small) = (ResumedScene.Table("large", 6), ResumedScene.Table("small", 2));

        // The two reads of each page are its bytes and its end: this is the first of the second table.
        var source = ResumedScene.Source(13, () => time.Advance(ResumedScene.Budget * 0.85), large, small);
        var result = await new RunScene
        {
            Source = source,
            Options = new ResumedScene().Options,
            TimeProvider = time,
            Logger = _logger,
            Ask = request => request with { TimeBudget = ResumedScene.Budget },
        }.RunAsync();

        Assert.Equal(BackupOutcome.Suspended, result.Outcome);
        AssertBegun();
        AssertMeasured(result);
    }

    [Fact]
    public async Task ExecuteAsync_CannotConnect_LogsWithWhatItBegan()
    {
        var source = new InMemoryRowSource { OnOpen = static () => throw new DatabaseException("No connection, as the test asked.") };

        await Assert.ThrowsAsync<DatabaseException>(() => new RunScene { Source = source, Logger = _logger }.RunAsync());

        AssertBegun();
        Assert.Empty(_logger.TextsOf(RunMeasured));
    }

    private void AssertBegun()
    {
        Assert.Single(_logger.TextsOf(OptionsInForce));
        Assert.Single(_logger.TextsOf(HostFound));
        Assert.Single(_logger.TextsOf(ResourcesPlanned));
    }

    private void AssertMeasured(BackupResult result)
    {
        var text = Assert.Single(_logger.TextsOf(RunMeasured));
        Assert.Contains($"{result.Memory.PeakBufferBytes} bytes in buffers", text, StringComparison.Ordinal);
        Assert.Contains($"{result.Memory.PeakWorkingSetBytes} bytes, {result.Memory.PeakManagedBytes} of them managed", text, StringComparison.Ordinal);
    }
}
