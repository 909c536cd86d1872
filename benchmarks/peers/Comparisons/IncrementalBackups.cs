using System.Runtime.CompilerServices;
using Backup.Core.Peers.Clients;
using Backup.Core.Peers.Measuring;
using Backup.Core.Peers.Results;
using Backup.TestKit.PostgreSql;
using Backup.TestKit.Storage;
using Backup.TestKit.Storage.Mirror;
using Backup.TestKit.Tools;
using Backup.TestKit.Workloads;

namespace Backup.Core.Peers.Comparisons;

/// <summary>What does an incremental backup cost, after what has changed?</summary>
internal sealed class IncrementalBackups : Comparison
{
    /// <summary>The program that makes a full backup.</summary>
    public const string Full = "backup-core, full";

    /// <summary>The program that stores what has changed.</summary>
    public const string Incremental = "backup-core --incremental";

    /// <summary>The workload of objects.</summary>
    public const string Objects = "50 of 20000 objects changed";

    private const string Database = "changing";
    private const string Bucket = "files";
    private const int Files = 20_000;
    private const int ChangedFiles = 50;
    private const int MostFileBytes = 64 * 1024;

    private static readonly MixedChange[] Changes =
        [MixedChange.Nothing, MixedChange.Appended, MixedChange.NewestUpdated, MixedChange.RandomUpdated];

    public override string Name => "incremental";

    public override string Question => "what does an incremental backup cost, against a full one?";

    /// <summary>The name of a workload of rows.</summary>
    public static string WorkloadOf(MixedChange change, long bytes) => $"{MixedWorkload.Describe(bytes)}, {change.Name}";

    public override async IAsyncEnumerable<ComparisonResult> RunAsync(
        Workshop workshop, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var bytes in MixedWorkload.Sizes(workshop, 1_000_000_000))
        {
            var template = await MixedWorkload.NameAsync(workshop, bytes, cancellationToken);
            foreach (var change in Changes)
            {
                yield return await ChangeRowsAsync(workshop, template, bytes, change, cancellationToken);
            }
        }

        yield return await ChangeObjectsAsync(workshop, cancellationToken);
    }

    private async Task<ComparisonResult> ChangeRowsAsync(
        Workshop workshop, string template, long bytes, MixedChange change, CancellationToken cancellationToken)
    {
        var database = await workshop.CopyDatabaseAsync(Database, template, cancellationToken);
        var parent = workshop.Folder("parent");
        try
        {
            await workshop.RunAsync(workshop.Tool.Create(database, parent), cancellationToken);
            await change.MakeAsync(database, cancellationToken);
            Contestant[] contestants =
            [
                new(Full, folder => workshop.Tool.Create(database, folder)),
                new(Incremental, folder => workshop.Tool.Create(database, folder, "--incremental"))
                {
                    FillAsync = (folder, token) => workshop.LinkAsync(parent, folder, token),
                },
            ];
            return await ContestAsync(workshop, WorkloadOf(change, bytes), bytes, contestants, cancellationToken);
        }
        finally
        {
            Directory.Delete(parent, recursive: true);
        }
    }

    private async Task<ComparisonResult> ChangeObjectsAsync(Workshop workshop, CancellationToken cancellationToken)
    {
        var database = await workshop.EmptyDatabaseAsync("objects", cancellationToken);
        await using (var connection = await PostgresFixture.OpenAsync(database))
        {
            await StorageTables.CreateAsync(connection);
        }

        await using var server = await StorageServer.StartAsync(new StorageServerOptions { MirrorConnectionString = database });
        var bytes = await ObjectWorkload.PutFilesAsync(server, Bucket, Files, MostFileBytes);
        var parent = workshop.Folder("parent");
        try
        {
            await workshop.RunAsync(Create(workshop, database, server, parent), cancellationToken);
            foreach (var row in server.State.Objects(Bucket).Where((_, number) => number % (Files / ChangedFiles) == 0).ToList())
            {
                await server.State.PutAsync(new NewObject(Bucket, row.Name, StoredContent.Generated(1, row.Content!.Length)));
            }

            Contestant[] contestants =
            [
                new(Full, folder => Create(workshop, database, server, folder)),
                new(Incremental, folder => Create(workshop, database, server, folder, "--incremental"))
                {
                    FillAsync = (folder, token) => workshop.LinkAsync(parent, folder, token),
                },
                new("listing alone, by dotnet", _ => OwnPrograms.ListDatabase(database, Bucket)),
            ];
            return await ContestAsync(workshop, Objects, bytes, contestants, cancellationToken);
        }
        finally
        {
            Directory.Delete(parent, recursive: true);
        }
    }

    private static ToolCommand Create(Workshop workshop, string database, StorageServer server, string folder, params string[] options) =>
        workshop.Tool.CreateFromStorage(server.Address.ToString(), server.ServiceKey, folder, options, database);
}
