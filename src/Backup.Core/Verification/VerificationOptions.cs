namespace Backup.Core.Verification;

/// <summary>How a verification works.</summary>
public sealed record VerificationOptions
{
    /// <summary>The number of findings that are listed when nothing else is set.</summary>
    public const int DefaultMaxFindings = 1000;

    /// <summary>How many volumes are read at once when the number is left to the library, at the most.</summary>
    public const int MaxAutomaticVolumes = 4;

    /// <summary>How many findings are listed, at least 1; more are counted only.</summary>
    /// <value><see cref="DefaultMaxFindings"/> by default.</value>
    public int MaxFindings { get; init; } = DefaultMaxFindings;

    /// <summary>How many volumes are read at once, at least 1.</summary>
    /// <value><see langword="null"/> by default: one for each processor, at most <see cref="MaxAutomaticVolumes"/>.</value>
    public int? Volumes { get; init; }

    /// <summary>
    /// Whether entries that other backups hold are read there and unpacked too. Otherwise it is only proven that those backups are there,
    /// unchanged by their manifests, and that their indexes say the same of these entries; that their own bytes are intact was found when they were verified themselves.
    /// </summary>
    /// <value><see langword="false"/> by default.</value>
    public bool Full { get; init; }
}
