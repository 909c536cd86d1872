namespace Backup.Core.Diagnosis;

/// <summary>One thing that was looked at before a backup.</summary>
public sealed record DiagnosisCheck
{
    /// <summary>A stable name: the area, a dot and what was looked at, such as <c>database.tables</c>. docs/operations.md lists all.</summary>
    public required string Id { get; init; }

    /// <summary>What it is about.</summary>
    public required DiagnosisArea Area { get; init; }

    /// <summary>How it ended.</summary>
    public required DiagnosisStatus Status { get; init; }

    /// <summary>What was found, in one or two sentences without a secret.</summary>
    public required string Finding { get; init; }

    /// <summary>What to do about it; <see langword="null"/> when there is nothing to do.</summary>
    public string? Advice { get; init; }

    /// <summary>How long it took; zero for a conclusion from what another check has asked.</summary>
    public required TimeSpan Duration { get; init; }
}
