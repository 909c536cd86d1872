namespace Backup.Core.Diagnosis;

/// <summary>What a diagnosis found.</summary>
public sealed record DiagnosisReport
{
    /// <summary>The checks in the order in which they were made. What could not be asked because an earlier check failed is not among them.</summary>
    public required IReadOnlyList<DiagnosisCheck> Checks { get; init; }

    /// <summary>How long all of them took.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The worst of the checks.</summary>
    public DiagnosisStatus Status => Checks.Select(check => check.Status).DefaultIfEmpty(DiagnosisStatus.Ok).Max();
}
