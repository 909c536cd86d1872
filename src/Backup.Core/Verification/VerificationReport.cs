using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;

namespace Backup.Core.Verification;

/// <summary>What a verification found.</summary>
public sealed record VerificationReport
{
    /// <summary>The backup.</summary>
    public required BackupId Backup { get; init; }

    /// <summary>The backup's manifest; <see langword="null"/> when it is too damaged to be read.</summary>
    public required BackupManifest? Manifest { get; init; }

    /// <summary>Whether nothing is wrong.</summary>
    public bool IsIntact => FindingsTotal == 0;

    /// <summary>What is wrong, in the order in which it was found; the first <see cref="VerificationOptions.MaxFindings"/>.</summary>
    public required IReadOnlyList<VerificationFinding> Findings { get; init; }

    /// <summary>How many findings there were, those that are not listed included.</summary>
    public required long FindingsTotal { get; init; }

    /// <summary>How many files were read: manifest, index parts and volumes.</summary>
    public required int Files { get; init; }

    /// <summary>How many entries were unpacked and compared.</summary>
    public required long Entries { get; init; }

    /// <summary>How many entries that other backups hold were found in their indexes as they should be.</summary>
    public required long ReferencedEntries { get; init; }

    /// <summary>How many of the entries were stored objects.</summary>
    public required long Objects { get; init; }

    /// <summary>How many bytes were read from the sink.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>How many bytes came out of the entries.</summary>
    public required long RawBytes { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Duration { get; init; }
}
