using System.Runtime.CompilerServices;
using Backup.Core.Peers.Measuring;
using Backup.Core.Peers.Results;
using Backup.TestKit.PostgreSql;
using Backup.TestKit.Storage;
using Backup.TestKit.Storage.Mirror;
using Backup.TestKit.Workloads;

namespace Backup.Core.Peers.Comparisons;

/// <summary>Does a run stay within the memory of a small host, however much there is to back up?</summary>
internal sealed class SmallHosts : Comparison
{
    private const double Gigabyte = 1e9;
    private const long Megabyte = 1_000_000;
    private const string Bucket = "files";
    private const int Objects = 20_000;
    private const int MostObjectBytes = 64 * 1024;
    private const long CagedBytes = 2_000_000_000;
    private static readonly string[] Constrained = ["--profile", "constrained"];

    public override string Name => "hosts";

    public override string Question => "does a run stay within the memory of a small host?";

    public override async IAsyncEnumerable<ComparisonResult> RunAsync(
        Workshop workshop, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return await CagedAsync(workshop, cancellationToken);

        foreach (var bytes in MixedWorkload.Sizes(workshop, 100_000_000, 1_000_000_000, 4_000_000_000))
        {
            var database = await MixedWorkload.DatabaseAsync(workshop, bytes, cancellationToken);
            Contestant[] contestants =
            [
                new("defaults", folder => workshop.Tool.Create(database, folder)) { Series = "defaults", X = bytes / Gigabyte },
                new("--profile constrained", folder => workshop.Tool.Create(database, folder, Constrained))
                {
                    Series = "--profile constrained",
                    X = bytes / Gigabyte,
                },
            ];
            yield return await ContestAsync(workshop, MixedWorkload.Describe(bytes), bytes, contestants, cancellationToken);
        }
    }

    // In a control group a program that needs more is killed, and then it has no figures here.
    private async Task<ComparisonResult> CagedAsync(Workshop workshop, CancellationToken cancellationToken)
    {
        var database = await workshop.EmptyDatabaseAsync("project", cancellationToken);
        await using (var connection = await PostgresFixture.OpenAsync(database))
        {
            await StorageTables.CreateAsync(connection);
        }

        workshop.Options.Output.WriteLine(FormattableString.Invariant($"Making a project of {CagedBytes / Gigabyte} GB and {Objects} objects …"));
        await MixedDatabase.FillAsync(database, CagedBytes, cancellationToken);
        await using var server = await StorageServer.StartAsync(new StorageServerOptions { MirrorConnectionString = database });
        var bytes = CagedBytes + await ObjectWorkload.PutFilesAsync(server, Bucket, Objects, MostObjectBytes);

        using var larger = new MemoryCage(128 * Megabyte);
        using var smaller = new MemoryCage(64 * Megabyte);
        Contestant[] contestants =
        [
            Caged("128 MB, defaults", larger, []),
            Caged("64 MB, --profile constrained", smaller, Constrained),
        ];
        return await ContestAsync(
            workshop, FormattableString.Invariant($"2 GB and {Objects} objects"), bytes, contestants, cancellationToken);

        Contestant Caged(string name, MemoryCage cage, string[] options) => new(
            name,
            folder => cage.Confine(workshop.Tool.CreateFromStorage(
                server.Address.ToString(), server.ServiceKey, folder, options, database)));
    }
}
