using System.Globalization;
using Backup.Core.Charts;
using Backup.Core.Peers.Results;

// dotnet run --project benchmarks/charts, in the repository's root: draws the charts of docs/benchmarks.md from its results.
const string Folder = "docs/benchmarks";
const double Megabyte = 1e6;
const double Mebibyte = 1024 * 1024;
const double Gigabyte = 1e9;

var results = await new ResultsFolder(Path.Combine(Folder, "results")).ReadAsync(CancellationToken.None);
DrawLevels();
DrawJobs();
DrawGrowth("growth.svg", "Seconds for each GB", "seconds a GB", (sample, bytes) => sample.WallSeconds / (bytes / Gigabyte));
DrawGrowth("memory.svg", "Memory against data", "peak memory, MiB", (sample, _) => sample.PeakMemoryBytes / Mebibyte);

// Right and up is better: fast and small.
void DrawLevels()
{
    if (Largest("levels") is not { } result)
    {
        return;
    }

    var chart = new Chart($"Levels, {result.Workload}", "MB of rows a second", "packs: raw bytes for a stored byte");
    foreach (var series in SeriesOf(result))
    {
        chart.AddLine(series.Key, [.. series.Select(contestant =>
        {
            var speed = result.RawBytes / Megabyte / contestant.Spread(sample => sample.WallSeconds).Median;
            var packs = contestant.Spread(sample => (double)result.RawBytes / sample.OutputBytes);
            return new ChartPoint(speed, packs, contestant.X?.ToString(CultureInfo.InvariantCulture));
        })]);
    }

    chart.Save(Path.Combine(Folder, "levels.svg"));
}

void DrawJobs()
{
    if (Largest("jobs") is not { } result)
    {
        return;
    }

    var chart = new Chart($"Jobs, {result.Workload}", "--jobs", "MB of rows a second");
    foreach (var series in SeriesOf(result))
    {
        chart.AddLine(series.Key, [.. series.Select(contestant =>
            new ChartPoint(contestant.X!.Value, contestant.Spread(sample => result.RawBytes / Megabyte / sample.WallSeconds)))]);
    }

    chart.Save(Path.Combine(Folder, "jobs.svg"));
}

void DrawGrowth(string file, string title, string axis, Func<Sample, long, double> figure)
{
    var sizes = results.Where(result => result.Comparison == "growth").ToArray();
    if (sizes.Length == 0)
    {
        return;
    }

    var chart = new Chart(title, "GB of rows", axis);
    foreach (var name in sizes.SelectMany(SeriesOf).Select(series => series.Key).Distinct())
    {
        chart.AddLine(name, [.. sizes.SelectMany(result => SeriesOf(result)
            .Where(series => series.Key == name)
            .SelectMany(series => series)
            .Select(contestant => new ChartPoint(contestant.X!.Value, contestant.Spread(sample => figure(sample, result.RawBytes)))))]);
    }

    chart.Save(Path.Combine(Folder, file));
}

ComparisonResult? Largest(string comparison) => results.LastOrDefault(result => result.Comparison == comparison);

static IEnumerable<IGrouping<string, ContestantResult>> SeriesOf(ComparisonResult result) => result.Contestants
    .Where(contestant => contestant is { Series: not null, X: not null, Samples.Count: > 0 })
    .GroupBy(contestant => contestant.Series!);
