using Backup.Core.Errors;
using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Failures;
using Backup.Core.Tests.Pipeline.Fakes;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Backup.Core.Tests.Pipeline.Failures;

public sealed class RetriesTests
{
    private readonly RecordingLogger _logger = new();
    private readonly List<RetryKind> _counted = [];
    private int _attempts;

    [Fact]
    public void Defaults_AreTheDocumentedOnes()
    {
        var options = new BackupOptions();

        Assert.Equal(
            (4, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(15)),
            (options.Retries.MaxAttempts, options.Retries.BaseDelay, options.Retries.MaxDelay));
        var timeouts = options.Timeouts;
        Assert.Equal((30, 300, 300), (timeouts.Connect.TotalSeconds, timeouts.Read.TotalSeconds, timeouts.Transfer.TotalSeconds));
        Assert.Equal((120, 300, 600), (timeouts.Sink.TotalSeconds, timeouts.Archive.TotalSeconds, timeouts.Progress.TotalSeconds));
        Assert.Equal(TimeSpan.FromHours(1), timeouts.Item);
    }

    [Fact]
    public void Validate_SettingsOutOfRange_NamesAllOfThem()
    {
        var options = new BackupOptions
        {
            Timeouts = { Connect = TimeSpan.Zero, Read = TimeSpan.FromDays(2), Sink = TimeSpan.FromMilliseconds(-1), Item = TimeSpan.Zero },
            Retries = { MaxAttempts = 0, BaseDelay = TimeSpan.FromHours(1), MaxDelay = TimeSpan.FromSeconds(1) },
        };

        Assert.Contains("MaxAttempts", Assert.Single(new BackupOptionsValidator().Validate(null, options).Failures!), StringComparison.Ordinal);
        Assert.Equal(6, new BackupOptionsRules().Validate(null, options).Failures!.Count());
    }

    [Fact]
    public void Validate_NoLimitOfAnItem_IsFine() =>
        Assert.True(new BackupOptionsRules().Validate(null, new BackupOptions { Timeouts = { Item = null } }).Succeeded);

    [Fact]
    public async Task RunAsync_PassingFailures_AreTriedAgainAndCounted()
    {
        var retries = Create(new RetryOptions { BaseDelay = TimeSpan.Zero });

        Assert.Equal(3, await retries.RunAsync(RetryKind.Page, "reading", _ => Attempt(Transient, 2), CancellationToken.None));

        Assert.Equal([RetryKind.Page, RetryKind.Page], _counted);
        Assert.Equal(2, _logger.Warnings.Count());
        Assert.Contains("attempt 3 at reading: busy", _logger.Warnings.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_AttemptsUsedUp_ThrowsTheLastFailure()
    {
        var retries = Create(new RetryOptions { MaxAttempts = 3, BaseDelay = TimeSpan.Zero });

        await Assert.ThrowsAsync<SinkException>(() => retries.RunAsync(RetryKind.Page, "reading", _ => Attempt(Transient, 9), CancellationToken.None).AsTask());

        Assert.Equal(3, _attempts);
    }

    [Fact]
    public async Task RunAsync_OneAttempt_IsNeverTriedAgain()
    {
        var retries = Create(new RetryOptions { MaxAttempts = 1 });

        await Assert.ThrowsAsync<SinkException>(() => retries.RunAsync(RetryKind.Page, "reading", _ => Attempt(Transient, 9), CancellationToken.None).AsTask());

        Assert.Equal(1, _attempts);
    }

    [Fact]
    public async Task RunAsync_EagerPipelineOfTheCallers_SeesOnlyWhatIsWorthIt()
    {
        var eager = new ResiliencePipelineBuilder()
            .AddRetry(new RetryStrategyOptions { MaxRetryAttempts = 5, Delay = TimeSpan.Zero, ShouldHandle = new PredicateBuilder().Handle<Exception>() })
            .Build();
        var retries = new Retries(eager, _counted.Add, _logger);

        await Assert.ThrowsAsync<SinkException>(
            () => retries.RunAsync(RetryKind.Page, "reading", _ => Attempt(() => new SinkException("refused"), 9), CancellationToken.None).AsTask());
        Assert.Equal(1, _attempts);

        _attempts = 0;
        Assert.Equal(4, await retries.RunAsync(RetryKind.Page, "reading", _ => Attempt(Transient, 3), CancellationToken.None));
    }

    [Fact]
    public async Task RunAsync_PipelineOfTheCallersGivesUp_IsATimeOut()
    {
        var retries = new Retries(
            new ResiliencePipelineBuilder().AddTimeout(new TimeoutStrategyOptions { Timeout = TimeSpan.FromMilliseconds(20) }).Build(), _counted.Add, _logger);

        var exception = await Assert.ThrowsAsync<BackupTimeoutException>(() => retries.RunAsync(
            RetryKind.Page,
            "reading public.film",
            async token =>
            {
                await Task.Delay(Timeout.Infinite, token);
                return true;
            },
            CancellationToken.None).AsTask());

        Assert.Contains("reading public.film", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UseRetries_OnTheBuilder_ReplacesTheOptions()
    {
        var pipeline = new ResiliencePipelineBuilder()
            .AddRetry(new RetryStrategyOptions { MaxRetryAttempts = 7, Delay = TimeSpan.Zero })
            .Build();
        var table = new InMemoryTable("t", InMemoryTable.Rows(90, 100)) { FailingBlock = 1, FailsTransiently = true, Failures = new(7) };
        var sink = new Backup.Core.Sinks.InMemorySink();

        var result = await new BackupPipelineBuilder()
            .UseSource(new InMemoryRowSource(table)).UseSink(sink).UseRetries(pipeline).Build().RunAsync(new BackupRequest());

        Assert.Equal(90, result.Totals.Rows);
    }

    private static SinkException Transient() => new("busy") { IsTransient = true };

    private Retries Create(RetryOptions options) => new(Retries.CreatePipeline(options, TimeProvider.System), _counted.Add, _logger);

    private ValueTask<int> Attempt(Func<Exception> fault, int failures) =>
        Interlocked.Increment(ref _attempts) is var number && _attempts <= failures
            ? throw fault()
            : ValueTask.FromResult(number);
}
