namespace Backup.Core.Archives.Manifest;

/// <summary>
/// What the server's statistics said of a table in the snapshot. The next incremental backup may trust that a table of which all of
/// this is the same was not written to, where its caller allows that.
/// </summary>
public sealed record TableActivity
{
    /// <summary>The table's <c>oid</c>.</summary>
    public required long Oid { get; init; }

    /// <summary>The <c>relfilenode</c> of its heap, which a truncation or a rewrite changes.</summary>
    public required long RelationFile { get; init; }

    /// <summary>What tells whether a table of that name is still the same one, with the same columns.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The rows that were ever inserted, by the statistics.</summary>
    public required long Inserted { get; init; }

    /// <summary>The rows that were ever updated.</summary>
    public required long Updated { get; init; }

    /// <summary>The rows that were ever deleted.</summary>
    public required long Deleted { get; init; }

    /// <summary>What changes whenever the counters may have begun anew: their last reset, the server's start, its last crash.</summary>
    public required string Epoch { get; init; }
}
