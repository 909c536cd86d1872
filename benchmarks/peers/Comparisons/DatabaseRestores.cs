using System.Runtime.CompilerServices;
using Backup.Core.Peers.Measuring;
using Backup.Core.Peers.Results;
using Backup.TestKit.Workloads;

namespace Backup.Core.Peers.Comparisons;

/// <summary>What does it take to bring a database back, with its indexes and foreign keys?</summary>
internal sealed class DatabaseRestores : Comparison
{
    private const string Target = "restored";

    public override string Name => "restore";

    public override string Question => "what does a restore with indexes and foreign keys cost?";

    public override async IAsyncEnumerable<ComparisonResult> RunAsync(
        Workshop workshop, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var bytes in MixedWorkload.Sizes(workshop, 500_000_000))
        {
            var source = await workshop.DatabaseAsync(
                FormattableString.Invariant($"linked_{bytes}"),
                bytes,
                text => LinkedDatabase.FillAsync(text, bytes, cancellationToken),
                cancellationToken);
            var archives = workshop.Folder("archives");
            try
            {
                await workshop.RunAsync(workshop.Postgres.Dump(source, archives, jobs: 2, level: 1), cancellationToken);
                await workshop.RunAsync(workshop.Tool.Create(source, archives), cancellationToken);
                var target = await workshop.EmptyDatabaseAsync(Target, cancellationToken);
                Contestant[] contestants =
                [
                    new("backup-core restore --jobs 2", _ => workshop.Tool.Restore(archives, target, "--jobs", "2"))
                    {
                        PrepareAsync = token => workshop.EmptyDatabaseAsync(Target, token),
                    },
                    new("pg_restore -j2", _ => workshop.Postgres.Restore(Path.Combine(archives, "dump"), target, jobs: 2))
                    {
                        PrepareAsync = token => workshop.EmptyDatabaseAsync(Target, token),
                    },
                ];
                yield return await ContestAsync(workshop, MixedWorkload.Describe(bytes), bytes, contestants, cancellationToken);
            }
            finally
            {
                Directory.Delete(archives, recursive: true);
            }
        }
    }
}
