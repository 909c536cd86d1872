using System.Runtime.CompilerServices;
using Backup.Core.Peers.Measuring;
using Backup.Core.Peers.Results;
using Backup.Core.Peers.Tools;

namespace Backup.Core.Peers.Comparisons;

/// <summary>What does a backup of a database cost?</summary>
internal sealed class DatabaseBackups : Comparison
{
    // Larger ones exceed what Node's program can hold of a table.
    private const long SeedLimitBytes = 1_000_000_000;

    public override string Name => "backup";

    public override string Question => "what does a backup of a database cost?";

    public override async IAsyncEnumerable<ComparisonResult> RunAsync(
        Workshop workshop, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var bytes in MixedWorkload.Sizes(workshop, 1_000_000_000))
        {
            var database = await MixedWorkload.DatabaseAsync(workshop, bytes, cancellationToken);
            List<Contestant> contestants =
            [
                new("backup-core, defaults", folder => workshop.Tool.Create(database, folder)),
                .. (((string Codec, int Level)[])[("zstd", 1), ("zstd", 3), ("deflate", 3)]).Select(packing => new Contestant(
                    FormattableString.Invariant($"backup-core {packing.Codec} {packing.Level}"),
                    folder => workshop.Tool.Create(database, folder, BackupCoreTool.TwoJobs(packing.Codec, packing.Level)))),
                new("backup-core zstd 1, run by dotnet", folder =>
                    BackupCoreTool.RunByDotnet.Create(database, folder, BackupCoreTool.TwoJobs("zstd", 1))),
                .. ((int[])[0, 1, 3, 6]).Select(level => new Contestant(
                    FormattableString.Invariant($"pg_dump -Fd -j2 -Z{level}"),
                    folder => workshop.Postgres.Dump(database, folder, jobs: 2, level))),
            ];
            if (bytes <= SeedLimitBytes)
            {
                var seed = new SeedBaseline(workshop.Options.WorkFolder);
                contestants.Add(new("seed-baseline", folder => seed.Backup(database, folder)) { PrepareAsync = seed.InstallAsync });
            }

            yield return await ContestAsync(workshop, MixedWorkload.Describe(bytes), bytes, contestants, cancellationToken);
        }
    }
}
