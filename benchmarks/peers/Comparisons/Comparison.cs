using Backup.Core.Peers.Measuring;
using Backup.Core.Peers.Results;

namespace Backup.Core.Peers.Comparisons;

/// <summary>A question, the data that it is asked of, and the programs that answer it.</summary>
internal abstract class Comparison
{
    /// <summary>Its name on the command line and in files.</summary>
    public abstract string Name { get; }

    /// <summary>The question, for people.</summary>
    public abstract string Question { get; }

    /// <summary>Measures on each workload; a result is handed on as soon as it is there.</summary>
    public abstract IAsyncEnumerable<ComparisonResult> RunAsync(Workshop workshop, CancellationToken cancellationToken);

    /// <summary>Runs the programs in turn.</summary>
    protected async Task<ComparisonResult> ContestAsync(
        Workshop workshop, string workload, long rawBytes, IEnumerable<Contestant> contestants, CancellationToken cancellationToken)
    {
        var options = workshop.Options;
        Contestant[] chosen = [.. contestants.Where(contestant => options.Includes(contestant.Name))];
        options.Output.WriteLine($"{Name}, {workload}: {Question}");
        return new ComparisonResult
        {
            Comparison = Name,
            Workload = workload,
            RawBytes = rawBytes,
            Contestants = await new Contest(options, workshop.Processors).RunAsync(chosen, cancellationToken),
            MeasuredAt = TimeProvider.System.GetUtcNow(),
            Machine = workshop.Machine,
        };
    }
}
