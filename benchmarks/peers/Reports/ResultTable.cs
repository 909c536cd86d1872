using System.Globalization;
using System.Text;
using Backup.Core.Peers.Results;

namespace Backup.Core.Peers.Reports;

/// <summary>A result as a table in Markdown: medians, and in parentheses the least and the most of all rounds.</summary>
internal static class ResultTable
{
    private const double Mebibyte = 1024 * 1024;
    private const double Megabyte = 1e6;

    /// <summary>Makes the table with a heading and the circumstances.</summary>
    public static string Make(ComparisonResult result)
    {
        var rounds = result.Contestants.Select(contestant => contestant.Samples.Count).DefaultIfEmpty().Max();
        var size = result.RawBytes == 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"{result.RawBytes / Megabyte:N0} MB before packing; ");
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"### {result.Workload}")
            .AppendLine()
            .AppendLine(
                CultureInfo.InvariantCulture,
                $"{size}{rounds} rounds in turn, {result.MeasuredAt:yyyy-MM-dd}; {result.Machine}.")
            .AppendLine()
            .AppendLine("| program | wall s | processor s | server's processor s | peak memory MiB | output MB | packs |")
            .AppendLine("|---|---:|---:|---:|---:|---:|---:|");
        foreach (var contestant in result.Contestants.Where(contestant => contestant.Samples.Count > 0))
        {
            AppendRow(text, contestant, result.RawBytes);
        }

        foreach (var contestant in result.LeftOut)
        {
            text.AppendLine().AppendLine($"**{contestant.Name} is left out.** {contestant.Missing}");
        }

        return text.ToString();
    }

    private static void AppendRow(StringBuilder text, ContestantResult contestant, long rawBytes)
    {
        var output = contestant.Spread(sample => sample.OutputBytes).Median;
        string[] cells =
        [
            contestant.Name,
            Format(contestant.Spread(sample => sample.WallSeconds), "N1"),
            Format(contestant.Spread(sample => sample.CpuSeconds), "N1"),
            Format(contestant.Spread(sample => sample.ServerCpuSeconds), "N1"),
            Format(contestant.Spread(sample => sample.PeakMemoryBytes / Mebibyte), "N0"),
            output == 0 ? "" : (output / Megabyte).ToString("N1", CultureInfo.InvariantCulture),
            output == 0 || rawBytes == 0 ? "" : (rawBytes / output).ToString("N2", CultureInfo.InvariantCulture),
        ];
        text.AppendLine($"| {string.Join(" | ", cells)} |");
    }

    private static string Format(Spread spread, string format)
    {
        var (median, least, most) = (Text(spread.Median), Text(spread.Least), Text(spread.Most));
        return least == most ? median : $"{median} ({least}–{most})";

        string Text(double figure) => figure.ToString(format, CultureInfo.InvariantCulture);
    }
}
