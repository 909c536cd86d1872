using Backup.Core.Archives;
using Backup.Core.Errors;
using Backup.Core.Pipeline;
using Backup.Core.Sinks;
using Backup.Core.Tests.Pipeline.Fakes;
using Backup.Core.Verification;

namespace Backup.Core.Tests.Pipeline.Faults;

/// <summary>A run under the faults of a seed, and the proof that it ended well, however it ended.</summary>
internal sealed class FaultScenario
{
    private const string Manifest = "/manifest.json";

    private readonly FaultSchedule _schedule;
    private readonly FaultWorld _world;
    private readonly FaultInjector _faults;
    private readonly InMemorySink _sink = new();

    private FaultScenario(int seed)
    {
        _schedule = new FaultSchedule(seed);
        _world = new FaultWorld(_schedule.World, _schedule.Shape);
        _faults = new FaultInjector(_schedule);
    }

    /// <summary>Runs, and then once more without faults.</summary>
    /// <exception cref="FaultScheduleException">It ended in a way in which no run may end.</exception>
    public static async Task<FaultOutcome> RunAsync(int seed)
    {
        var scenario = new FaultScenario(seed);
        try
        {
            var outcome = await scenario.RunAsync();
            await scenario.AssertNextRunSucceedsAsync();
            return outcome;
        }
        catch (Exception exception)
        {
            throw new FaultScheduleException(scenario._schedule, scenario._faults.Strikes, exception);
        }
    }

    private async Task<FaultOutcome> RunAsync()
    {
        using var cancellation = new CancellationTokenSource();
        _faults.OnEvent = what =>
        {
            if (what == FaultEvent.Cancel)
            {
                cancellation.Cancel();
            }
        };
        BackupResult? result = null;
        var failure = await Record.ExceptionAsync(async () => result = await NewScene().RunAsync(cancellation.Token));
        Assert.Equal(0, _faults.Running);
        if (result is not null)
        {
            return await AssertCommittedAsync(result);
        }

        await AssertNothingCommittedAsync();
        return AssertTold(failure!, cancellation.IsCancellationRequested);
    }

    private RunScene NewScene() => new()
    {
        Source = _schedule.Shape.HasDatabase ? _world.Source : null,
        SourceAsRead = _schedule.Shape.HasDatabase ? new FaultyRowSource(_world.Source, _faults) : null,
        Store = _schedule.Shape.HasStore ? _world.Store : null,
        StoreAsRead = new FaultyStore(_world, _faults),
        Sink = new InjectedSink(_sink, _faults),
        Options = _schedule.Shape.ToOptions(),
        Compressor = _schedule.Shape.NewCompressor(),
        ContinueOnTableFailure = _schedule.Shape.ContinueOnTableFailure,
    };

    private async Task<FaultOutcome> AssertCommittedAsync(BackupResult result)
    {
        var manifest = await new FaultOracle(_world, _faults.Strikes).AssertSoundAsync(_sink, result.Id);
        Assert.Equal(manifest.Failures, result.Failures);
        Assert.Equal(manifest.Failures.Count == 0, result.Outcome == BackupOutcome.Complete);
        return result.Outcome == BackupOutcome.Complete ? FaultOutcome.Complete : FaultOutcome.NamedFailures;
    }

    private async Task AssertNothingCommittedAsync()
    {
        var names = await RunScene.NamesAsync(_sink);
        if (!CouldNotCleanUp())
        {
            Assert.Empty(names);
        }

        // The sink took the manifest, lost its answer, and then did not let go of it: a backup all the same, so it must be a whole one.
        foreach (var name in names.Where(name => name.EndsWith(Manifest, StringComparison.Ordinal)))
        {
            Assert.Contains(_faults.Strikes, strike => strike.Call == FaultCall.CommitFile && "/" + strike.Item == Manifest && !strike.IsHarmless);
            Assert.True(BackupId.TryParse(name[..^Manifest.Length], out var id));
            await new FaultOracle(_world, _faults.Strikes).AssertSoundAsync(_sink, id);
        }
    }

    private bool CouldNotCleanUp() =>
        (_faults.HasEventHappened && _schedule.Event is FaultEvent.Death or FaultEvent.SinkLost)
        || _faults.Strikes.Any(strike => strike is { Call: FaultCall.DeleteFile, IsHarmless: false });

    private FaultOutcome AssertTold(Exception failure, bool isCancelled)
    {
        if (failure is OperationCanceledException)
        {
            Assert.True(isCancelled, "Nobody cancelled.");
            return FaultOutcome.Cancelled;
        }

        Assert.Contains(_faults.Strikes, strike => !strike.IsHarmless);
        Assert.True(failure is BackupException || failure.Message.Contains("as the test asked", StringComparison.Ordinal), $"Ended with {failure}");
        return FaultOutcome.Failed;
    }

    private async Task AssertNextRunSucceedsAsync()
    {
        _faults.Heal();
        var before = (await RunScene.NamesAsync(_sink)).ToList();
        var result = await NewScene().RunAsync();
        Assert.Equal(BackupOutcome.Complete, result.Outcome);
        Assert.Empty((await new BackupVerifier(_sink).VerifyAsync(result.Id)).Findings);
        Assert.Equal(before, (await RunScene.NamesAsync(_sink)).Intersect(before));
    }
}
