using System.Runtime.CompilerServices;
using Backup.Core.Peers.Measuring;
using Backup.Core.Peers.Results;
using Backup.TestKit.Workloads;

namespace Backup.Core.Peers.Comparisons;

/// <summary>What does a large schema cost? The tables are empty, so a backup is little more than its schema.</summary>
internal sealed class Schemas : Comparison
{
    public const string Ours = "backup-core create";
    public const string Peer = "pg_dump --schema-only";

    public override string Name => "schema";

    public override string Question => "what does a schema of thousands of tables with indexes and foreign keys cost?";

    public override async IAsyncEnumerable<ComparisonResult> RunAsync(
        Workshop workshop, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var tables in (int[])[1_000, 10_000, 50_000])
        {
            var database = await workshop.DatabaseAsync(
                FormattableString.Invariant($"schema_{tables}"),
                0,
                text => LinkedTables.FillAsync(text, tables, cancellationToken),
                cancellationToken);
            Contestant[] contestants =
            [
                new(Ours, folder => workshop.Tool.Create(database, folder)),
                new(Peer, folder => workshop.Postgres.DumpSchema(database, folder)),
            ];
            yield return await ContestAsync(workshop, WorkloadOf(tables), 0, contestants, cancellationToken);
        }
    }

    /// <summary>The name of a workload.</summary>
    public static string WorkloadOf(int tables) => FormattableString.Invariant($"{tables} tables with indexes and foreign keys");
}
