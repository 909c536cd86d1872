using Backup.Core.Peers.Results;

namespace Backup.Core.Peers.Reports;

/// <summary>
/// A page with figures. People write its text; each part between <c>&lt;!-- begin NAME --&gt;</c> and <c>&lt;!-- end NAME --&gt;</c>
/// is written from the results: <c>targets</c>, and one part for each comparison.
/// </summary>
internal static class FiguresPage
{
    private const string TargetsPart = "targets";

    /// <summary>Writes all parts that the page has marks for.</summary>
    public static async Task UpdateAsync(string file, IReadOnlyList<ComparisonResult> results, CancellationToken cancellationToken)
    {
        var text = Replace(await File.ReadAllTextAsync(file, cancellationToken), TargetsPart, Targets.Make(results));
        foreach (var comparison in results.GroupBy(result => result.Comparison))
        {
            text = Replace(text, comparison.Key, string.Join('\n', comparison.Select(ResultTable.Make)));
        }

        await File.WriteAllTextAsync(file, text, cancellationToken);
    }

    private static string Replace(string text, string part, string content)
    {
        var begin = $"<!-- begin {part} -->\n";
        var end = $"<!-- end {part} -->";
        var from = text.IndexOf(begin, StringComparison.Ordinal);
        var to = text.IndexOf(end, StringComparison.Ordinal);
        return from < 0 || to < from ? text : $"{text[..(from + begin.Length)]}{content}{text[to..]}";
    }
}
