namespace Backup.Core.Postgres;

/// <summary>What is known of the instant that a snapshot shows, and of the server that it was taken on.</summary>
internal sealed record SnapshotInfo
{
    /// <summary>The database's name.</summary>
    public required string DatabaseName { get; init; }

    /// <summary>The database's number in its cluster; <see langword="null"/> where the source has none.</summary>
    public uint? DatabaseOid { get; init; }

    /// <summary>The server's version for people: <c>15.18 (Debian …)</c>.</summary>
    public required string ServerVersion { get; init; }

    /// <summary>The server's version as a number: 150018.</summary>
    public required int ServerVersionNumber { get; init; }

    /// <summary>The server's major version: 15.</summary>
    public int MajorVersion => ServerVersionNumber / 10_000;

    /// <summary>The database's encoding, PostgreSQL's name: the encoding of every page.</summary>
    public required string Encoding { get; init; }

    /// <summary>The server's clock when the snapshot was taken.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>
    /// The write-ahead log's position as it was read just after the snapshot was fixed: at or after every change that is shown, and
    /// possibly after some that are not. <see langword="null"/> when the role may not ask.
    /// </summary>
    public required string? Lsn { get; init; }

    /// <summary>Whether the server is a standby.</summary>
    public required bool IsStandby { get; init; }
}
