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
        foreach (var bytes in MixedWorkload.Sizes(workshop, 250_000_000, 1_000_000_000, 4_000_000_000, 8_000_000_000))
        {
            var database = await MixedWorkload.DatabaseAsync(workshop, bytes, cancellationToken);
            var ours = new Contestant("backup-core, defaults", folder => workshop.Tool.Create(database, folder))
            {
                Series = "backup-core",
                X = bytes / Gigabyte,
            };
            yield return await ContestAsync(workshop, MixedWorkload.Describe(bytes), bytes, [ours], cancellationToken);
        }
    }
}
