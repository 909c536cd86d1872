using Backup.Core.Diagnosis;

namespace Backup.Cli.Progress;

/// <summary>Puts the progress of a diagnosis into words.</summary>
internal static class DiagnoseProgressText
{
    /// <summary>The snapshot to show. How many checks there will be depends on their answers.</summary>
    public static ProgressSnapshot Show(DiagnosisCheck check) =>
        new($"checking the {check.Area.ToString().ToLowerInvariant()}", 0, [check.Id], []);
}
