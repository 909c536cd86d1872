using System.Runtime.CompilerServices;
using Backup.Core.Peers.Measuring;
using Backup.Core.Peers.Results;

namespace Backup.Core.Peers.Comparisons;

/// <summary>Does the cost grow with the data, and the memory not?</summary>
internal sealed class Growth : Comparison
{
    private const double Gigabyte = 1e9;

    public override string Name => "growth";

    public override string Question => "do time and processor grow in proportion to the data, and memory not at all?";

    public override async IAsyncEnumerable<ComparisonResult> RunAsync(
        Workshop workshop, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var sizes = MixedWorkload.Sizes(workshop, 250_000_000, 1_000_000_000, 4_000_000_000, 8_000_000_000);
        var contestants = new List<Contestant>();
        foreach (var bytes in sizes)
        {
            var database = await MixedWorkload.DatabaseAsync(workshop, bytes, cancellationToken);
            contestants.Add(new("backup-core, defaults", folder => workshop.Tool.Create(database, folder))
            {
                Series = "backup-core",
                X = bytes / Gigabyte,
            });
        }

        // All sizes in turn: what slows the machine for some minutes must not look like growth.
        var all = await ContestAsync(workshop, "all sizes", rawBytes: 0, contestants, cancellationToken);
        foreach (var (bytes, contestant) in sizes.Zip(all.Contestants))
        {
            yield return all with { Workload = MixedWorkload.Describe(bytes), RawBytes = bytes, Contestants = [contestant] };
        }
    }
}
