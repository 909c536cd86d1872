using System.Runtime.CompilerServices;
using Backup.Core.Peers.Measuring;
using Backup.Core.Peers.Results;
using Backup.Core.Peers.Tools;

namespace Backup.Core.Peers.Comparisons;

/// <summary>What does a higher level buy?</summary>
internal sealed class PackingLevels : Comparison
{
    private static readonly int[] Levels = [1, 3, 6, 9];

    public override string Name => "levels";

    public override string Question => "what does a higher level cost, and what does it save?";

    public override async IAsyncEnumerable<ComparisonResult> RunAsync(
        Workshop workshop, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var bytes in MixedWorkload.Sizes(workshop, 250_000_000))
        {
            var database = await MixedWorkload.DatabaseAsync(workshop, bytes, cancellationToken);
            var contestants = Levels.Select(level => Packed(workshop.Tool, database, "zstd", level))
                .Concat(Levels.Select(level => Packed(workshop.Tool, database, "deflate", level)))
                .Concat(Levels.Select(level => new Contestant(
                    FormattableString.Invariant($"pg_dump -Fd -j2 -Z{level}"),
                    folder => workshop.Postgres.Dump(database, folder, jobs: 2, level))
                {
                    Series = "pg_dump",
                    X = level,
                }));
            yield return await ContestAsync(workshop, MixedWorkload.Describe(bytes), bytes, contestants, cancellationToken);
        }
    }

    private static Contestant Packed(BackupCoreTool tool, string database, string codec, int level) => new(
        FormattableString.Invariant($"backup-core {codec} {level}"),
        folder => tool.Create(database, folder, BackupCoreTool.TwoJobs(codec, level)))
    {
        Series = $"backup-core {codec}",
        X = level,
    };
}
