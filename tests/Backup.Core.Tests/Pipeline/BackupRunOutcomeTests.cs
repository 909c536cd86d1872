using Backup.Core.Errors;
using Backup.Core.Pipeline;
using Backup.Core.Sinks;
using Backup.Core.Tests.Pipeline.Fakes;
using Backup.Core.Verification;
using Backup.TestKit.Sinks;
using CsCheck;

namespace Backup.Core.Tests.Pipeline;

/// <summary>Whatever happens at once, a run has one end: a backup that is whole, or a failure or a cancellation that leaves nothing.</summary>
public sealed class BackupRunOutcomeTests
{
    private static readonly Gen<Schedule> Schedules = Gen.Select(
        Gen.Int[0, 30], Gen.Int[0, 30], Gen.Bool, Gen.Int[0, 6], Gen.Bool, Gen.Int[0, 3],
        (cancelAt, sinkCall, isTransient, tableFailures, hasWatchdog, policy) =>
            new Schedule(cancelAt, sinkCall, isTransient, tableFailures, hasWatchdog, policy));

    [Fact]
    public Task ExecuteAsync_CancelTimeOutAndFailureRace_HasExactlyOneOutcome() =>
        Schedules.SampleAsync(AssertOneOutcomeAsync, iter: 150, threads: 2);

    private static async Task AssertOneOutcomeAsync(Schedule schedule)
    {
        using var cancellation = new CancellationTokenSource();
        var memory = new InMemorySink();
        var faulty = new FaultySink(memory);
        if (schedule.SinkCall > 0)
        {
            var operation = (SinkOperation)(schedule.SinkCall % 3);
            faulty.FailAt(operation, 1 + (schedule.SinkCall / 10), () => new SinkException("scheduled") { IsTransient = schedule.IsTransient });
        }

        var bad = new InMemoryTable("bad", InMemoryTable.Rows(90, 100), InMemoryTable.Rows(90, 100))
        {
            FailingBlock = schedule.TableFailures > 0 ? 1 : 0, Failures = new(schedule.TableFailures), FailsTransiently = schedule.IsTransient,
        };
        var source = new InMemoryRowSource(bad, new InMemoryTable("good", InMemoryTable.Rows(300, 100)));
        source.OnRead = read =>
        {
            if (read == schedule.CancelAt)
            {
                cancellation.Cancel();
            }
        };
        var scene = new RunScene
        {
            Source = source,
            Sink = faulty,
            Options = Options(schedule),
            Failures = new FailurePolicy { Tables = schedule.Policy == 0 ? FailureLimit.FailFast : FailureLimit.Continue },
        };

        var (result, failure) = await EndOfAsync(scene, cancellation.Token);

        if (result is not null)
        {
            Assert.Equal(result.Failures.Count == 0, result.Outcome == BackupOutcome.Complete);
            Assert.True((await new BackupVerifier(memory).VerifyAsync(result.Id)).IsIntact);
            return;
        }

        Assert.Empty(await RunScene.NamesAsync(memory));
        if (failure is OperationCanceledException cancelled)
        {
            Assert.True(cancellation.IsCancellationRequested);
            Assert.Equal(cancellation.Token, cancelled.CancellationToken);
            return;
        }

        Assert.True(failure is SinkException or DatabaseException or BackupTimeoutException, failure!.ToString());
        Assert.True(failure is not BackupTimeoutException || schedule.HasWatchdog);
    }

    private static async Task<(BackupResult? Result, Exception? Failure)> EndOfAsync(RunScene scene, CancellationToken cancellationToken)
    {
        try
        {
            return (await scene.RunAsync(cancellationToken), null);
        }
        catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
        {
            return (null, exception);
        }
    }

    private static BackupOptions Options(Schedule schedule) => new()
    {
        Connections = 2,
        CompressionWorkers = 2,
        BlockBytes = 4096,
        PageBytes = 64 * 1024,
        MemoryBudgetBytes = 128 * 1024,
        Timeouts = { Progress = schedule.HasWatchdog ? TimeSpan.FromMilliseconds(10) : TimeSpan.FromMinutes(10) },
        Retries = { MaxAttempts = 1 + schedule.Policy, BaseDelay = TimeSpan.Zero },
    };

    private sealed record Schedule(int CancelAt, int SinkCall, bool IsTransient, int TableFailures, bool HasWatchdog, int Policy);
}
