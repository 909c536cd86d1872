using System.Globalization;
using System.Runtime.CompilerServices;
using Backup.Core.Peers.Measuring;
using Backup.Core.Peers.Results;

namespace Backup.Core.Peers.Comparisons;

/// <summary>What do more jobs gain?</summary>
internal sealed class Concurrency : Comparison
{
    private const int PgDumpLevel = 1;
    private static readonly int[] Jobs = [1, 2, 4, 8];

    public override string Name => "jobs";

    public override string Question => "what do more connections and threads gain?";

    public override async IAsyncEnumerable<ComparisonResult> RunAsync(
        Workshop workshop, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var bytes in MixedWorkload.Sizes(workshop, 250_000_000))
        {
            var database = await MixedWorkload.DatabaseAsync(workshop, bytes, cancellationToken);
            var contestants = Jobs.Select(jobs => new Contestant(
                    FormattableString.Invariant($"backup-core --jobs {jobs}"),
                    folder => workshop.Tool.Create(database, folder, "--jobs", jobs.ToString(CultureInfo.InvariantCulture)))
                {
                    Series = "backup-core",
                    X = jobs,
                })
                .Concat(Jobs.Select(jobs => new Contestant(
                    FormattableString.Invariant($"pg_dump -Fd -j{jobs} -Z{PgDumpLevel}"),
                    folder => workshop.Postgres.Dump(database, folder, jobs, PgDumpLevel))
                {
                    Series = "pg_dump -Z1",
                    X = jobs,
                }));
            yield return await ContestAsync(workshop, MixedWorkload.Describe(bytes), bytes, contestants, cancellationToken);
        }
    }
}
