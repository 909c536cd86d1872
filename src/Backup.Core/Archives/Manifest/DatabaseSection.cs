namespace Backup.Core.Archives.Manifest;

/// <summary>The database of a backup: where it came from, the instant it shows, and its tables.</summary>
public sealed record DatabaseSection
{
    /// <summary>The database's name.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The number that the database has in its cluster; with <see cref="SystemIdentifier"/> it tells the database from all others.
    /// <see langword="null"/> in backups of format 1.2 and before.
    /// </summary>
    public uint? Oid { get; init; }

    /// <summary>
    /// The number that the cluster got when it was made and that its standbys share, as PostgreSQL prints it; <see langword="null"/> where
    /// the role may not ask, and in backups of format 1.2 and before.
    /// </summary>
    public string? SystemIdentifier { get; init; }

    /// <summary>The server's version as it reports it, such as <c>15.18 (Debian 15.18-0+deb12u1)</c>.</summary>
    public required string ServerVersion { get; init; }

    /// <summary>The server's <c>server_version_num</c>, such as 150018.</summary>
    public required int ServerVersionNumber { get; init; }

    /// <summary>PostgreSQL's name of the database's encoding, which is also the encoding of all data entries: <c>UTF8</c>.</summary>
    public required string Encoding { get; init; }

    /// <summary>When the snapshot was taken, by the server's clock.</summary>
    public required DateTimeOffset SnapshotAt { get; init; }

    /// <summary>
    /// The write-ahead log position read just after the snapshot was fixed, such as <c>0/3000148</c>: an upper bound of the
    /// snapshot's own, so changes before it may be missing. <see langword="null"/> where it may not be read.
    /// </summary>
    public string? SnapshotLsn { get; init; }

    /// <summary>
    /// A digest of the catalogs that the files of the schema were written from: while it is the same, so are they.
    /// <see langword="null"/> where it is not known.
    /// </summary>
    public string? SchemaFingerprint { get; init; }

    /// <summary>How many roles of the server the backup holds; <see langword="null"/> where it was made without them.</summary>
    public int? Roles { get; init; }

    /// <summary>
    /// What the database held that the backup does not, as no backup can hold it; <see langword="null"/> where that was nothing, and in backups
    /// of format 1.3 and 2.0 and before.
    /// </summary>
    public IReadOnlyList<UnsupportedRecord>? Unsupported { get; init; }

    /// <summary>
    /// The platform whose own objects were left out, by the name of the preset: <c>supabase</c>. <see langword="null"/> where nothing was left
    /// out in that way, and in backups of format 1.3 and before.
    /// </summary>
    public string? Preset { get; init; }

    /// <summary>The tables whose rows the backup holds, in the order of their names.</summary>
    public required IReadOnlyList<TableRecord> Tables { get; init; }
}
