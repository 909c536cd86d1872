using Backup.Cli.Output;
using Backup.Core.Diagnosis;

namespace Backup.Cli.Commands;

/// <summary>Writes a diagnosis for people: a heading for each area, a line for each check, its advice below.</summary>
internal static class DiagnoseText
{
    private const string AdviceIndent = "        ";

    /// <summary>Writes the report.</summary>
    public static void Write(DiagnosisReport report, CommandOutput output)
    {
        foreach (var area in report.Checks.GroupBy(check => check.Area))
        {
            output.WriteLine(area.Key.ToString().ToLowerInvariant());
            foreach (var check in area)
            {
                Write(check, output);
            }

            output.WriteLine();
        }

        output.WriteLine(Summary(report));
    }

    private static void Write(DiagnosisCheck check, CommandOutput output)
    {
        var (word, tone) = check.Status switch
        {
            DiagnosisStatus.Ok => ("ok", Tone.Good),
            DiagnosisStatus.Warn => ("warn", Tone.Doubtful),
            _ => ("fail", Tone.Bad),
        };
        var name = check.Id[(check.Id.IndexOf('.', StringComparison.Ordinal) + 1)..];
        output.WriteMarked($"{word,-4}", tone, Clean($"{name}: {check.Finding}"));
        if (check.Advice is { } advice)
        {
            output.WriteLine(AdviceIndent + Clean(advice));
        }
    }

    private static string Summary(DiagnosisReport report)
    {
        var failed = report.Checks.Count(check => check.Status == DiagnosisStatus.Fail);
        var warnings = report.Checks.Count(check => check.Status == DiagnosisStatus.Warn);
        var verdict = (failed, warnings) switch
        {
            (0, 0) => "nothing stands in the way of a backup",
            (0, _) => $"a backup can be made; {Words.Count(warnings, "warning")}",
            _ => $"{Words.Count(failed, "check")} failed, {Words.Count(warnings, "warning")}",
        };
        return $"{Words.Count(report.Checks.Count, "check")} in {Words.Duration(report.Duration)}: {verdict}.";
    }

    private static string Clean(string text) => Words.Name(ErrorReport.OneLine(ErrorReport.OfCommandLine(text)));
}
