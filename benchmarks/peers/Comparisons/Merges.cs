using System.Runtime.CompilerServices;
using Backup.Core.Peers.Measuring;
using Backup.Core.Peers.Results;
using Backup.TestKit.Tools;
using Backup.TestKit.Workloads;

namespace Backup.Core.Peers.Comparisons;

/// <summary>What does it cost to make one full backup of a full one and those that build on it?</summary>
/// <remarks>The yardstick copies the same files, which hold a little more than what is merged, and makes the copies durable as well.</remarks>
internal sealed class Merges : Comparison
{
    /// <summary>The program that merges.</summary>
    public const string Merge = "backup-core merge";

    /// <summary>The program that copies.</summary>
    public const string Copy = "cp and fsync";

    private const string Database = "changing";
    private const int Incrementals = 9;

    private static readonly MixedChange[] Changes = [MixedChange.Appended, MixedChange.NewestUpdated];

    public override string Name => "merge";

    public override string Question => "what does merging a full backup and nine incremental ones cost, against copying their files?";

    /// <summary>The name of the workload.</summary>
    public static string WorkloadOf(long bytes) =>
        FormattableString.Invariant($"{MixedWorkload.Describe(bytes)} and {Incrementals} incremental backups");

    public override async IAsyncEnumerable<ComparisonResult> RunAsync(
        Workshop workshop, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var bytes in MixedWorkload.Sizes(workshop, 1_000_000_000))
        {
            var template = await MixedWorkload.NameAsync(workshop, bytes, cancellationToken);
            var database = await workshop.CopyDatabaseAsync(Database, template, cancellationToken);
            var chain = workshop.Folder("chain");
            try
            {
                await workshop.RunAsync(workshop.Tool.Create(database, chain), cancellationToken);
                for (var number = 0; number < Incrementals; number++)
                {
                    await Changes[number % Changes.Length].MakeAsync(database, cancellationToken);
                    await workshop.RunAsync(workshop.Tool.Create(database, chain, "--incremental"), cancellationToken);
                }

                Contestant[] contestants =
                [
                    new(Merge, folder => workshop.Tool.Merge(folder))
                    {
                        FillAsync = (folder, token) => workshop.LinkAsync(chain, folder, token),
                    },
                    new(Copy, folder => CopyDurably(chain, folder)),
                ];
                yield return await ContestAsync(workshop, WorkloadOf(bytes), bytes, contestants, cancellationToken);
            }
            finally
            {
                Directory.Delete(chain, recursive: true);
            }
        }
    }

    private static ToolCommand CopyDurably(string source, string target) =>
        new("sh", "-c", """cp -r "$1/." "$2/" && find "$2" -type f -exec sync {} +""", "copy", source, target);
}
