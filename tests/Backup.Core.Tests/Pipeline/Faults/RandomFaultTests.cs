using System.Collections.Concurrent;
using System.Globalization;
using Xunit.Abstractions;

namespace Backup.Core.Tests.Pipeline.Faults;

/// <summary>Runs while no others do: the threads that it counts are those of its own runs.</summary>
[CollectionDefinition(nameof(RandomFaultTests), DisableParallelization = true)]
public sealed class RandomFaultTestsCollection;

/// <summary>
/// Every run ends as complete, as complete but for what it names, suspended, or without a backup: under a thousand random schedules of
/// faults. Where a run can be resumed it is, until it is done.
/// A seed that fails is printed; <c>BACKUP_FAULT_SEED=n</c> runs it alone, <c>BACKUP_FAULT_SCHEDULES=n</c> runs so many instead.
/// </summary>
[Collection(nameof(RandomFaultTests))]
public sealed class RandomFaultTests(ITestOutputHelper output)
{
    private const int Schedules = 1000;
    private const int MaxPrinted = 5;

    // Outcomes that are rarer than one in so many runs would prove little.
    private const int Rare = 30;

    [Fact]
    public async Task ExecuteAsync_RandomFaults_EndsInAWayThatIsAllowed()
    {
        var alone = NumberOf("BACKUP_FAULT_SEED");
        var seeds = alone is { } seed ? [seed] : Enumerable.Range(1, NumberOf("BACKUP_FAULT_SCHEDULES") ?? Schedules);
        var outcomes = new ConcurrentBag<FaultOutcome>();
        var broken = new ConcurrentBag<FaultScheduleException>();
        await Parallel.ForEachAsync(seeds, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (number, _) =>
        {
            try
            {
                foreach (var outcome in await FaultScenario.RunAsync(number))
                {
                    outcomes.Add(outcome);
                }
            }
            catch (FaultScheduleException exception)
            {
                broken.Add(exception);
            }
        });

        output.WriteLine(string.Join(", ", outcomes.GroupBy(outcome => outcome).Select(group => $"{group.Count()} {group.Key}")));
        Assert.True(broken.IsEmpty, $"{broken.Count} schedules failed.\n{string.Join("\n\n", broken.Take(MaxPrinted).Select(item => item.Message))}");
        Assert.True(RunThreads.HaveEnded(), "Threads of runs are left.");
        Assert.All(
            Enum.GetValues<FaultOutcome>(),
            outcome => Assert.True(alone is not null || outcomes.Count(item => item == outcome) > outcomes.Count / Rare, $"{outcome} is rare."));
    }

    private static int? NumberOf(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
