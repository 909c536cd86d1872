using System.Globalization;
using System.Runtime.CompilerServices;
using Backup.Core.Peers.Clients;
using Backup.Core.Peers.Measuring;
using Backup.Core.Peers.Results;
using Backup.Core.Peers.Tools;
using Backup.TestKit.PostgreSql;
using Backup.TestKit.Storage;
using Backup.TestKit.Storage.Mirror;
using Backup.TestKit.Tools;
using Backup.TestKit.Workloads;

namespace Backup.Core.Peers.Comparisons;

/// <summary>How fast do files come over HTTP?</summary>
/// <remarks>
/// rclone cannot list a Storage server, but its HTTP remote can fetch files whose names it is told. It writes them to disk as they
/// are; backup-core packs or stores them in an archive, with digests and an index. The many small ones it lists from the project's
/// database, which it backs up too.
/// </remarks>
internal sealed class FileTransfers : Comparison
{
    private const string Bucket = "files";
    private const int Transfers = 8;
    private const int SmallFiles = 20_000;
    private const int MostSmallBytes = 64 * 1024;
    private const int LargeFiles = 20;
    private const long LargeBytes = 50_000_000;

    public override string Name => "transfers";

    public override string Question => "how fast do files come over HTTP?";

    public override async IAsyncEnumerable<ComparisonResult> RunAsync(
        Workshop workshop, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var database = await workshop.EmptyDatabaseAsync("objects", cancellationToken);
        await using (var connection = await PostgresFixture.OpenAsync(database))
        {
            await StorageTables.CreateAsync(connection);
        }

        yield return await TransferAsync(
            workshop,
            FormattableString.Invariant($"{SmallFiles} small objects"),
            server => ObjectWorkload.PutFilesAsync(server, Bucket, SmallFiles, MostSmallBytes),
            database,
            cancellationToken);
        yield return await TransferAsync(
            workshop,
            FormattableString.Invariant($"{LargeFiles} objects of 50 MB"),
            server => ObjectWorkload.PutLargeAsync(server, Bucket, LargeFiles, LargeBytes),
            database: null,
            cancellationToken);
    }

    private async Task<ComparisonResult> TransferAsync(
        Workshop workshop, string workload, Func<StorageServer, Task<long>> fill, string? database, CancellationToken cancellationToken)
    {
        await using var server = await StorageServer.StartAsync(new StorageServerOptions { MirrorConnectionString = database });
        var bytes = await fill(server);
        var folder = workshop.Folder("names");
        try
        {
            var names = Path.Combine(folder, "names.txt");
            await File.WriteAllLinesAsync(names, server.State.Objects(Bucket).Select(item => item.Name), cancellationToken);
            Contestant[] contestants =
            [
                new("downloader", _ => OwnPrograms.Download(server, Bucket, names, Transfers)),
                new("backup-core none", output => Create(workshop.Tool, database, server, output, "--codec", "none")),
                new("backup-core, defaults", output => Create(workshop.Tool, database, server, output)),
                new("rclone copy", output => Rclone(server, names, output)),
            ];
            return await ContestAsync(workshop, workload, bytes, contestants, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static ToolCommand Create(
        BackupCoreTool tool, string? database, StorageServer server, string output, params string[] options) =>
        tool.CreateFromStorage(
            server.Address.ToString(), server.ServiceKey, output, ["--transfers", Number(Transfers), .. options], database);

    private static ToolCommand Rclone(StorageServer server, string names, string output) => new(
        "rclone",
        "copy",
        ":http:",
        output,
        "--http-url", new Uri(server.Address, $"/object/authenticated/{Bucket}/").ToString(),
        "--files-from", names,
        "--no-traverse",
        "--transfers", Number(Transfers),
        "--config", "")
    {
        Variables = new Dictionary<string, string?> { ["RCLONE_HTTP_HEADERS"] = $"Authorization,Bearer {server.ServiceKey}" },
    };

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
