namespace Backup.Core.Verification;

/// <summary>How far a verification is, at one moment. Immutable.</summary>
public sealed record VerificationProgress
{
    /// <summary>How much is done, from 0 to 100.</summary>
    public required double Percent { get; init; }

    /// <summary>The entries compared so far.</summary>
    public required long Entries { get; init; }

    /// <summary>The entries to compare, as the manifest says.</summary>
    public required long EntriesTotal { get; init; }

    /// <summary>The stored objects among the entries compared so far.</summary>
    public required long Objects { get; init; }

    /// <summary>The stored objects in all, as the manifest says.</summary>
    public required long ObjectsTotal { get; init; }

    /// <summary>The bytes read from the sink so far.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>The bytes to read, as the manifest says.</summary>
    public required long StoredBytesTotal { get; init; }

    /// <summary>The bytes read per second since the start.</summary>
    public required double BytesPerSecond { get; init; }

    /// <summary>How many findings there are so far.</summary>
    public required long Findings { get; init; }

    /// <summary>The time since the start.</summary>
    public required TimeSpan Elapsed { get; init; }
}
