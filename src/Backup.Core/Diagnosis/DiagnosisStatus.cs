namespace Backup.Core.Diagnosis;

/// <summary>How a check ended, the worse the later.</summary>
public enum DiagnosisStatus
{
    /// <summary>Nothing stands in the way of a backup.</summary>
    Ok,

    /// <summary>A backup can be made, but something about it is to be known or could be better.</summary>
    Warn,

    /// <summary>A backup would fail, or the check itself did.</summary>
    Fail,
}
