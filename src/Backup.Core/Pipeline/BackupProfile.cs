namespace Backup.Core.Pipeline;

/// <summary>How much a run takes of its host where no setting says so. docs/operations.md, "Small hosts", has the values.</summary>
public enum BackupProfile
{
    /// <summary>By the limits of the host: <see cref="Constrained"/> with at most 512 MiB of memory or less than one processor,
    /// <see cref="High"/> with at least 8 of both processors and GiB, otherwise <see cref="Default"/>.</summary>
    Automatic,

    /// <summary>For functions and small containers: little memory, few connections and transfers, small blocks.</summary>
    Constrained,

    /// <summary>For an ordinary server or desktop.</summary>
    Default,

    /// <summary>For a large machine beside a large database.</summary>
    High,
}
