using System.Globalization;
using System.Text;
using Backup.Core.Peers.Comparisons;
using Backup.Core.Peers.Results;
using Backup.TestKit.Workloads;

namespace Backup.Core.Peers.Reports;

/// <summary>What this project holds itself to, and whether it does.</summary>
internal static class Targets
{
    private const string OneGigabyte = "1 GB";
    private const string Defaults = "backup-core, defaults";
    private const string Zstd1 = "backup-core zstd 1";
    private const string Zstd3 = "backup-core zstd 3";
    private const string Deflate3 = "backup-core deflate 3";
    private const string Unpacked = "backup-core none";
    private const string Dump1 = "pg_dump -Fd -j2 -Z1";
    private const string Dump3 = "pg_dump -Fd -j2 -Z3";
    private const string SevenZip = "7z -tzip -mx3 -mmt2";

    private static readonly Target[] All =
    [
        new RatioTarget("Backup, zstd 1 against pg_dump -j2 -Z1: time", 0.85, "backup", OneGigabyte, Zstd1, Dump1),
        new RatioTarget("… size", 1, "backup", OneGigabyte, Zstd1, Dump1) { Figure = sample => sample.OutputBytes },
        new RatioTarget("… processor", 0.8, "backup", OneGigabyte, Zstd1, Dump1) { Figure = sample => sample.CpuSeconds },
        new RatioTarget("Backup, zstd 3 against pg_dump -j2 -Z3: time", 0.55, "backup", OneGigabyte, Zstd3, Dump3),
        new RatioTarget("… size", 1, "backup", OneGigabyte, Zstd3, Dump3) { Figure = sample => sample.OutputBytes },
        new RatioTarget("… processor", 0.8, "backup", OneGigabyte, Zstd3, Dump3) { Figure = sample => sample.CpuSeconds },
        new RatioTarget("Backup, defaults against seed-baseline: time", 0.12, "backup", OneGigabyte, Defaults, "seed-baseline"),
        new CeilingTarget("Backup of 1 GB, defaults: memory", 100, "growth", OneGigabyte, Defaults),
        new CeilingTarget("Backup of 4 GB, defaults: memory", 100, "growth", "4 GB", Defaults),
        new RatioTarget("5,000 small tables against pg_dump -j2: time", 0.7, "tables", "5000 tables", "backup-core --jobs 2", Dump1),
        new RatioTarget(
            "Schema of 10,000 tables against pg_dump --schema-only: time", 1, "schema", Schemas.WorkloadOf(10_000), Schemas.Ours, Schemas.Peer),
        new RatioTarget("… memory", 1, "schema", Schemas.WorkloadOf(10_000), Schemas.Ours, Schemas.Peer)
        {
            Figure = sample => sample.PeakMemoryBytes,
        },
        new RatioTarget("Restore against pg_restore -j2: time", 1, "restore", "0.5 GB", "backup-core restore --jobs 2", "pg_restore -j2"),
        new RatioTarget("20,000 small files against 7z -mx3 -mmt2: time", 0.5, "packing", "20000 small files", Deflate3, SevenZip),
        new RatioTarget("Five files of 100 MB against 7z -mx3 -mmt2: time", 0.6, "packing", "5 files of 100 MB", Deflate3, SevenZip),
        DownloadRate("20,000 small objects against a trivial downloader: rate", "20000 small objects"),
        DownloadRate("20 objects of 50 MB against a trivial downloader: rate", "20 objects of 50 MB"),
        new RatioTarget(
            "Listing from the database against list-v2: time", 0.2, "listing", "1000000 objects", "from the database", "list-v2"),
        new RatioTarget(
            "… against list-v2 at a recorded pace: time", 0.2, "listing", "1000000 objects", "from the database", "list-v2 at a recorded pace"),
        .. IncrementalTargets(MixedChange.Nothing, 0.005),
        .. IncrementalTargets(MixedChange.Appended, 0.03),
        .. IncrementalTargets(MixedChange.NewestUpdated, 0.03),
        new RatioTarget(
            "Merge of a full and nine incremental backups against copying the files: time",
            1.5,
            "merge",
            Merges.WorkloadOf(1_000_000_000),
            Merges.Merge,
            Merges.Copy),
        new SteadyTarget("Time for each GB, 0.25 to 8 GB", 0.15, Defaults, (sample, gigabytes) => sample.WallSeconds / gigabytes),
        new SteadyTarget("Processor for each GB, 0.25 to 8 GB", 0.15, Defaults, (sample, gigabytes) => sample.CpuSeconds / gigabytes),
        new SteadyTarget("Memory (MB), 0.25 to 8 GB", 0.15, Defaults, (sample, _) => sample.PeakMemoryBytes / 1e6),
    ];

    /// <summary>The table of all targets.</summary>
    public static string Make(IReadOnlyList<ComparisonResult> results)
    {
        var text = new StringBuilder()
            .AppendLine("| what | bound | measured | |")
            .AppendLine("|---|---|---|---|");
        foreach (var target in All)
        {
            var (figure, verdict) = target.Evaluate(results) is { } evaluated
                ? (evaluated.Figure, evaluated.IsReached ? "reached" : "**not reached**")
                : ("not measured", "");
            text.AppendLine(CultureInfo.InvariantCulture, $"| {target.Text} | {target.Bound} | {figure} | {verdict} |");
        }

        return text.ToString();
    }

    private static RatioTarget[] IncrementalTargets(MixedChange change, double size)
    {
        var target = new RatioTarget(
            $"Incremental, {change.Name}, against full: size",
            size,
            "incremental",
            IncrementalBackups.WorkloadOf(change, 1_000_000_000),
            IncrementalBackups.Incremental,
            IncrementalBackups.Full);
        return
        [
            target with { Figure = sample => sample.OutputBytes },
            target with { Text = "… time", Limit = 0.6 },
        ];
    }

    private static RatioTarget DownloadRate(string text, string workload) =>
        new(text, 0.9, "transfers", workload, Unpacked, "downloader") { Figure = sample => 1 / sample.WallSeconds, IsFloor = true };
}
