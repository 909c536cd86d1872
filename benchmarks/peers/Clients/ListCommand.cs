using System.CommandLine;
using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.Core.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace Backup.Core.Peers.Clients;

/// <summary><c>list</c>: the library's own listings, each in a process of its own. Objects are thrown away.</summary>
internal sealed class ListCommand : Command
{
    private readonly Argument<string> _way = new("WAY") { Description = "database or api." };
    private readonly Argument<string> _place = new("PLACE") { Description = "A connection string, or the server's address." };
    private readonly Argument<string> _bucket = new("BUCKET") { Description = "The bucket." };

    public ListCommand()
        : base("list", "Lists a bucket into nowhere.")
    {
        Hidden = true;
        _way.AcceptOnlyFromAmong("database", "api");
        foreach (var argument in new Argument[] { _way, _place, _bucket })
        {
            Add(argument);
        }

        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var (place, bucket) = (line.GetRequiredValue(_place), line.GetRequiredValue(_bucket));
        var objects = line.GetRequiredValue(_way) == "database"
            ? await ListDatabaseAsync(place, bucket, cancellationToken)
            : await ListApiAsync(new Uri(place), bucket, cancellationToken);
        await Console.Out.WriteLineAsync(FormattableString.Invariant($"{objects} objects"));
        return objects > 0 ? 0 : 1;
    }

    private static async Task<int> ListDatabaseAsync(string connectionString, string bucket, CancellationToken cancellationToken)
    {
        await using var source = PostgresSource.FromConnectionString(connectionString);
        await using var session = await SnapshotSession.OpenAsync(
            source,
            TableSelection.Everything,
            new SnapshotOptions { Connections = 1, ListsObjects = true },
            NullLogger.Instance,
            cancellationToken);
        await using var objects = await session.OpenObjectsAsync(cancellationToken)
            ?? throw new InvalidOperationException("The database does not show its objects.");
        return await objects.ListObjectsAsync(bucket, "", cancellationToken).CountAsync(cancellationToken);
    }

    private static async Task<int> ListApiAsync(Uri address, string bucket, CancellationToken cancellationToken)
    {
        using var store = new SupabaseStorageStore(new SupabaseStorageOptions { Url = address, Key = OwnPrograms.ReadKey() });
        return await store.ListObjectsAsync(bucket, cancellationToken: cancellationToken).CountAsync(cancellationToken);
    }
}
