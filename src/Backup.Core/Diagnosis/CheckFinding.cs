namespace Backup.Core.Diagnosis;

/// <summary>What one check found.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Finding">What was found.</param>
/// <param name="Advice">What to do about it.</param>
internal sealed record CheckFinding(DiagnosisStatus Status, string Finding, string? Advice)
{
    /// <summary>Nothing stands in the way.</summary>
    public static CheckFinding Ok(string finding) => new(DiagnosisStatus.Ok, finding, null);

    /// <summary>Something is to be known.</summary>
    public static CheckFinding Warn(string finding, string? advice) => new(DiagnosisStatus.Warn, finding, advice);

    /// <summary>A backup would fail.</summary>
    public static CheckFinding Fail(string finding, string? advice) => new(DiagnosisStatus.Fail, finding, advice);
}
