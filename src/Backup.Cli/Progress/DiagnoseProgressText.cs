using Backup.Core.Diagnosis;

namespace Backup.Cli.Progress;

/// <summary>Puts the progress of a diagnosis into words.</summary>
/// <param name="areas">What is looked at, in that order.</param>
internal sealed class DiagnoseProgressText(IReadOnlyList<DiagnosisArea> areas)
{
    /// <summary>The snapshot to show. How many checks an area has depends on their answers, so areas are what is counted.</summary>
    public ProgressSnapshot Show(DiagnosisCheck check) => new(
        $"checking the {check.Area.ToString().ToLowerInvariant()}",
        100.0 * areas.TakeWhile(area => area != check.Area).Count() / areas.Count,
        [check.Id],
        []);
}
