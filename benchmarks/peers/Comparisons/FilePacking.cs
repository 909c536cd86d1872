using System.Runtime.CompilerServices;
using Backup.Core.Peers.Measuring;
using Backup.Core.Peers.Results;
using Backup.Core.Peers.Tools;
using Backup.TestKit.Tools;
using Backup.TestKit.Workloads;

namespace Backup.Core.Peers.Comparisons;

/// <summary>What does it cost to pack files, many small or a few large ones?</summary>
/// <remarks>
/// All read a folder of the same files and write zip files of level 3 where they have levels. backup-core does more than the others:
/// it writes an index, digests every file and every volume, and makes what it wrote durable before it ends.
/// </remarks>
internal sealed class FilePacking : Comparison
{
    private const int SmallFiles = 20_000;
    private const int LargeFiles = 5;
    private const int LargeBytes = 100_000_000;
    private const string Bucket = "files";

    public override string Name => "packing";

    public override string Question => "what does it cost to pack files?";

    public override async IAsyncEnumerable<ComparisonResult> RunAsync(
        Workshop workshop, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return await PackAsync(
            workshop,
            FormattableString.Invariant($"{SmallFiles} small files"),
            folder => FileSet.CreateSmallAsync(folder, SmallFiles, cancellationToken),
            cancellationToken);
        yield return await PackAsync(
            workshop,
            FormattableString.Invariant($"{LargeFiles} files of 100 MB"),
            folder => FileSet.CreateLargeAsync(folder, LargeFiles, LargeBytes, cancellationToken),
            cancellationToken);
    }

    private async Task<ComparisonResult> PackAsync(
        Workshop workshop, string workload, Func<string, Task<long>> create, CancellationToken cancellationToken)
    {
        var root = workshop.Folder("files-to-pack");
        try
        {
            // For backup-core each folder below the root is a bucket.
            var files = Directory.CreateDirectory(Path.Combine(root, Bucket)).FullName;
            var bytes = await create(files);
            Contestant[] contestants =
            [
                .. ((string[])["deflate", "zstd"]).Select(codec => new Contestant(
                    $"backup-core {codec} 3",
                    folder => workshop.Tool.CreateFromStorage(root, null, folder, BackupCoreTool.TwoJobs(codec, 3)))),
                new("7z -tzip -mx3 -mmt2", folder => In(files, "7z", "a", "-tzip", "-mx3", "-mmt2", "-bd", Zip(folder), ".")),
                new("zip -3", folder => In(files, "zip", "-3", "-q", "-r", Zip(folder), ".")),
                new("bsdtar zip level 3", folder =>
                    In(files, "bsdtar", "--format", "zip", "--options", "zip:compression-level=3", "-cf", Zip(folder), ".")),
            ];
            return await ContestAsync(workshop, workload, bytes, contestants, cancellationToken);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static ToolCommand In(string folder, string program, params string[] arguments) =>
        new(program, arguments) { WorkingDirectory = folder };

    private static string Zip(string folder) => Path.Combine(folder, "files.zip");
}
