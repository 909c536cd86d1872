using Backup.Core.Archives;
using Backup.Core.Errors;
using Backup.Core.Pipeline;
using Backup.Core.Sinks;
using Backup.Core.Tests.Pipeline.Fakes;

namespace Backup.Core.Tests.Pipeline.Faults;

/// <summary>A run under the faults of a seed, resumed until it is done where it can be, and the proof that each part ended well.</summary>
internal sealed class FaultScenario
{
    private static readonly TimeSpan TimeBudget = TimeSpan.FromSeconds(20);

    // When nothing new is begun, and when what is in flight is dropped.
    private static readonly TimeSpan Deadline = TimeBudget * 0.86;
    private static readonly TimeSpan LateDeadline = TimeBudget * 0.94;

    // Longer than the lease of a process that died.
    private static readonly TimeSpan BetweenParts = TimeSpan.FromMinutes(5);

    private readonly FaultSchedule _schedule;
    private readonly VirtualClock _clock = new();
    private readonly FaultWorld _world;
    private readonly FaultInjector _faults;
    private readonly InMemorySink _sink = new();
    private readonly FaultFolders _folders;

    // What the run builds on; null in a full one.
    private BackupId? _parent;

    private FaultScenario(int seed)
    {
        _schedule = new FaultSchedule(seed);
        _world = new FaultWorld(_schedule.World, _schedule.Shape);
        _faults = new FaultInjector(_schedule, _clock);
        _folders = new FaultFolders(_sink);
    }

    /// <summary>Runs, resumes until the run has come to an end, and runs once more without faults.</summary>
    /// <returns>How each part ended.</returns>
    /// <exception cref="FaultScheduleException">One ended in a way in which none may end.</exception>
    public static async Task<IReadOnlyList<FaultOutcome>> RunAsync(int seed)
    {
        var scenario = new FaultScenario(seed);
        try
        {
            var outcomes = await scenario.RunToTheEndAsync();
            await scenario.AssertNextRunSucceedsAsync();
            return outcomes;
        }
        catch (Exception exception)
        {
            throw new FaultScheduleException(scenario._schedule, scenario._faults.Strikes, exception);
        }
    }

    private async Task<IReadOnlyList<FaultOutcome>> RunToTheEndAsync()
    {
        if (_schedule.Shape.IsIncremental)
        {
            Begin(null, new CancellationTokenSource());
            _parent = (await NewScene(null).RunAsync()).Id;
            _world.Change();
        }

        var outcomes = new List<FaultOutcome>();
        BackupId? run = null;
        while (true)
        {
            var isLast = outcomes.Count == FaultSchedule.MaxParts;
            outcomes.Add(await RunPartAsync(run, isLast ? null : _schedule.Events[outcomes.Count]));
            Assert.True(!isLast || outcomes[^1] == FaultOutcome.Complete, "Without a fault the last part must complete the backup.");
            run = await _folders.FindResumableAsync();
            if (run is null)
            {
                return outcomes;
            }
        }
    }

    private async Task<FaultOutcome> RunPartAsync(BackupId? resume, FaultPlan? plan)
    {
        using var cancellation = new CancellationTokenSource();
        var strikesBefore = Begin(plan, cancellation);
        BackupResult? result = null;
        var failure = await Record.ExceptionAsync(async () => result = await NewScene(resume).RunAsync(cancellation.Token));
        Assert.True(_faults.EndPart(), "A call never ended.");
        var strikes = _faults.Strikes.Skip(strikesBefore).ToList();
        if (result is { Manifest: not null })
        {
            return await AssertCommittedAsync(result);
        }

        await AssertNothingCommittedAsync(strikes, failure);
        return result is null ? AssertTold(failure!, strikes, cancellation.IsCancellationRequested) : AssertSuspended(result);
    }

    private int Begin(FaultPlan? plan, CancellationTokenSource cancellation)
    {
        _clock.Pass(BetweenParts);
        _world.BeginPart(_clock.GetUtcNow());
        _faults.OnEvent = what =>
        {
            if (what == FaultEvent.Cancel)
            {
                cancellation.Cancel();
            }

            _clock.Pass(what switch { FaultEvent.Deadline => Deadline, FaultEvent.LateDeadline => LateDeadline, _ => TimeSpan.Zero });
        };
        _faults.BeginPart(plan);
        return _faults.Strikes.Count;
    }

    private RunScene NewScene(BackupId? resume) => new()
    {
        Source = _schedule.Shape.HasDatabase ? _world.Source : null,
        SourceAsRead = _schedule.Shape.HasDatabase ? new FaultyRowSource(_world.Source, _faults) : null,
        Store = _schedule.Shape.HasStore ? _world.Store : null,
        StoreAsRead = new FaultyStore(_world, _faults),
        Sink = new InjectedSink(_sink, _faults),
        Options = _schedule.Shape.ToOptions(),
        Compressor = _schedule.Shape.NewCompressor(),
        TimeProvider = _clock,
        Failures = _schedule.Shape.ToPolicy(),
        Ask = request => request with
        {
            Resume = resume,
            Incremental = _parent is not null,
            Resumable = _schedule.Shape.IsResumable ? true : null,
            TimeBudget = _schedule.Shape.HasTimeBudget ? TimeBudget : null,
            AllowMixedTables = _schedule.Shape.AllowMixedTables,
        },
    };

    private async Task<FaultOutcome> AssertCommittedAsync(BackupResult result)
    {
        var manifest = await new FaultOracle(_world, _faults.Strikes).AssertSoundAsync(_sink, result.Id);
        Assert.Equal(manifest.Failures, result.Failures);
        Assert.Equal(manifest.Failures.Count == 0 ? BackupOutcome.Complete : BackupOutcome.CompletedWithFailures, result.Outcome);
        return result.Outcome == BackupOutcome.Complete ? FaultOutcome.Complete : FaultOutcome.NamedFailures;
    }

    private FaultOutcome AssertSuspended(BackupResult result)
    {
        Assert.Equal(BackupOutcome.Suspended, result.Outcome);
        Assert.True(_schedule.Shape.HasTimeBudget, "There was no time budget.");
        Assert.NotNull(result.Remaining);
        return FaultOutcome.Suspended;
    }

    private static FaultOutcome AssertTold(Exception failure, List<FaultStrike> strikes, bool isCancelled)
    {
        if (failure is OperationCanceledException)
        {
            Assert.True(isCancelled, $"Nobody cancelled: {failure}");
            return FaultOutcome.Cancelled;
        }

        Assert.Contains(strikes, strike => !strike.IsHarmless);
        Assert.True(failure is BackupException || failure.Message.Contains("as the test asked", StringComparison.Ordinal), $"Ended with {failure}");
        return FaultOutcome.Failed;
    }

    private async Task AssertNothingCommittedAsync(List<FaultStrike> strikes, Exception? failure)
    {
        // The sink took the manifest, lost its answer, and then did not let go of it: a backup all the same, so it must be a whole one.
        foreach (var id in (await _folders.FindCommittedAsync()).Where(id => id != _parent))
        {
            Assert.Contains(strikes, strike => strike is { Call: FaultCall.CommitFile, Item: FaultFolders.Manifest, IsHarmless: false });
            await new FaultOracle(_world, _faults.Strikes).AssertSoundAsync(_sink, id);
        }

        if (failure is not ResumeException && !strikes.Any(KeepsFromCleaningUp))
        {
            await _folders.AssertHoldsOnlyWhatResumeNeedsAsync(
                _schedule.Shape.IsResumable ? await _folders.FindResumableAsync() : null,
                mayHoldRests: failure is not null && _faults.Strikes.Any(KeepsFromCleaningUp));
        }
    }

    // While a call hangs the lease may run out, and who has lost it must not touch what another process may have taken up.
    private static bool KeepsFromCleaningUp(FaultStrike strike) =>
        strike.Event is FaultEvent.Death or FaultEvent.SinkLost
        || strike.Kind is FaultKind.Hangs or FaultKind.HangsDeaf
        || strike is { Call: FaultCall.DeleteFile, IsHarmless: false };

    private async Task AssertNextRunSucceedsAsync()
    {
        var before = await _folders.FindCommittedAsync();
        Begin(null, new CancellationTokenSource());
        var result = await NewScene(null).RunAsync();
        Assert.Equal(FaultOutcome.Complete, await AssertCommittedAsync(result));
        Assert.Equal(before.Append(result.Id), await _folders.FindCommittedAsync());
    }
}
