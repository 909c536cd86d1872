using System.Runtime.CompilerServices;
using Backup.Core.Peers.Measuring;
using Backup.Core.Peers.Results;
using Backup.TestKit.Workloads;

namespace Backup.Core.Peers.Comparisons;

/// <summary>What does a table cost that holds next to nothing?</summary>
internal sealed class ManyTables : Comparison
{
    private const int Tables = 5000;
    private const long BytesPerTable = 20 * 40;

    public override string Name => "tables";

    public override string Question => "what do five thousand small tables cost?";

    public override async IAsyncEnumerable<ComparisonResult> RunAsync(
        Workshop workshop, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var database = await workshop.DatabaseAsync(
            "small_tables",
            Tables * BytesPerTable,
            text => SmallTables.FillAsync(text, Tables, cancellationToken),
            cancellationToken);
        Contestant[] contestants =
        [
            new("backup-core --jobs 2", folder => workshop.Tool.Create(database, folder, "--jobs", "2")),
            new("pg_dump -Fd -j2 -Z1", folder => workshop.Postgres.Dump(database, folder, jobs: 2, level: 1)),
        ];
        yield return await ContestAsync(
            workshop, FormattableString.Invariant($"{Tables} tables"), Tables * BytesPerTable, contestants, cancellationToken);
    }
}
