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
    private const int Objects = 1_000_000;

    public override string Name => "listing";

    public override string Question => "how fast are a million objects listed?";

    public override async IAsyncEnumerable<ComparisonResult> RunAsync(
        Workshop workshop, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var database = await workshop.EmptyDatabaseAsync("objects", cancellationToken);
        await using (var connection = await PostgresFixture.OpenAsync(database))
        {
            await StorageTables.CreateAsync(connection);
        }

        workshop.Options.Output.WriteLine($"Making {Objects:N0} objects …");
        await using var server = await StorageServer.StartAsync(new StorageServerOptions { MirrorConnectionString = database });
        await ObjectWorkload.PutNamesAsync(server, Bucket, Objects);
        Contestant[] contestants =
        [
            new("from the database", _ => OwnPrograms.ListDatabase(database, Bucket)),
            new("list-v2", _ => OwnPrograms.ListApi(server, Bucket)),
        ];
        yield return await ContestAsync(workshop, "1000000 objects", rawBytes: 0, contestants, cancellationToken);
    }
}
