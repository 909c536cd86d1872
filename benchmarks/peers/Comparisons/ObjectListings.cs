using System.Runtime.CompilerServices;
using Backup.Core.Peers.Clients;
using Backup.Core.Peers.Measuring;
using Backup.Core.Peers.Results;
using Backup.TestKit.PostgreSql;
using Backup.TestKit.Storage;
using Backup.TestKit.Storage.Mirror;
using Backup.TestKit.Workloads;

namespace Backup.Core.Peers.Comparisons;

/// <summary>How fast is a large bucket listed?</summary>
internal sealed class ObjectListings : Comparison
{
    private const string Bucket = "names";

    // Above this the test kit's list-v1 measures itself: each call of a folder looks at all names of the bucket.
    private const int FolderListingLimit = 100_000;
    private static readonly int[] Sizes = [100_000, 1_000_000];

    // A Storage server with its database, 200,000 objects in pages of 1,000: 5.8 s.
    private static readonly TimeSpan RecordedPace = TimeSpan.FromMilliseconds(29);

    public override string Name => "listing";

    public override string Question => "how fast is a large bucket listed?";

    public override async IAsyncEnumerable<ComparisonResult> RunAsync(
        Workshop workshop, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var objects in Sizes)
        {
            yield return await ListAsync(workshop, objects, cancellationToken);
        }
    }

    private async Task<ComparisonResult> ListAsync(Workshop workshop, int objects, CancellationToken cancellationToken)
    {
        var database = await workshop.EmptyDatabaseAsync("objects", cancellationToken);
        await using (var connection = await PostgresFixture.OpenAsync(database))
        {
            await StorageTables.CreateAsync(connection);
        }

        workshop.Options.Output.WriteLine(FormattableString.Invariant($"Making {objects:N0} objects …"));
        await using var server = await StorageServer.StartAsync(new StorageServerOptions { MirrorConnectionString = database });
        await ObjectWorkload.PutNamesAsync(server, Bucket, objects);
        await using var paced = await StorageServer.StartAsync(new StorageServerOptions { ListV2Pace = RecordedPace });
        await ObjectWorkload.PutNamesAsync(paced, Bucket, objects);
        List<Contestant> contestants =
        [
            new("from the database", _ => OwnPrograms.ListDatabase(database, Bucket)),
            new("list-v2", _ => OwnPrograms.ListApi(server, Bucket)),
            new("list-v2 at a recorded pace", _ => OwnPrograms.ListApi(paced, Bucket)),
        ];
        var workload = FormattableString.Invariant($"{objects} objects");
        if (objects > FolderListingLimit)
        {
            return await ContestAsync(workshop, workload, rawBytes: 0, contestants, cancellationToken);
        }

        await using var old = await StorageServer.StartAsync(new StorageServerOptions { HasListV2 = false });
        await ObjectWorkload.PutNamesAsync(old, Bucket, objects);
        contestants.Add(new("list-v1", _ => OwnPrograms.ListApi(old, Bucket)));
        return await ContestAsync(workshop, workload, rawBytes: 0, contestants, cancellationToken);
    }
}
