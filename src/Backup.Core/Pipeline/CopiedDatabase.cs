using Backup.Core.Archives.Manifest;
using Backup.Core.Pipeline.Sources;
using Backup.Core.Postgres;

namespace Backup.Core.Pipeline;

/// <summary>What a run copied of a database, in the order of names: for the manifest, the load script and the result.</summary>
/// <param name="Info">The snapshot.</param>
/// <param name="Records">The tables whose rows are in the archive.</param>
/// <param name="Results">The same tables, for the caller.</param>
/// <param name="Failures">The tables whose rows are not.</param>
internal sealed record CopiedDatabase(
    SnapshotInfo Info,
    IReadOnlyList<TableRecord> Records,
    IReadOnlyList<TableResult> Results,
    IReadOnlyList<FailureRecord> Failures)
{
    /// <summary>What tells whether another backup has the same schema; <see langword="null"/> where nothing does.</summary>
    public string? SchemaFingerprint { get; init; }

    /// <summary>How many roles the backup holds; <see langword="null"/> where they were not asked for.</summary>
    public int? Roles { get; init; }

    /// <summary>What the database holds that no backup can; empty where that is nothing.</summary>
    public IReadOnlyList<UnsupportedRecord> Unsupported { get; init; } = [];

    /// <summary>The name of the preset by which objects were left out; <see langword="null"/> for none.</summary>
    public string? Preset { get; init; }

    /// <summary>Sums up the tables that are finished.</summary>
    public static CopiedDatabase Of(RowSnapshot snapshot, IReadOnlyList<TableRun> tables)
    {
        var sorted = tables
            .OrderBy(table => table.Info.Name.Schema, StringComparer.Ordinal)
            .ThenBy(table => table.Info.Name.Name, StringComparer.Ordinal)
            .ToList();
        var copied = sorted.FindAll(table => table.IsFinished);
        return new CopiedDatabase(
            snapshot.Info,
            copied.ConvertAll(table => table.ToRecord()),
            copied.ConvertAll(table => table.ToResult()),
            [.. snapshot.Unreadable, .. sorted.Select(table => table.ToFailure()).OfType<FailureRecord>()]);
    }

    /// <summary>The database's part of the manifest.</summary>
    public DatabaseSection ToSection() => new()
    {
        Name = Info.DatabaseName,
        ServerVersion = Info.ServerVersion,
        ServerVersionNumber = Info.ServerVersionNumber,
        Encoding = Info.Encoding,
        SnapshotAt = Info.TakenAt,
        SnapshotLsn = Info.Lsn,
        SchemaFingerprint = SchemaFingerprint,
        Roles = Roles,
        Unsupported = Unsupported.Count == 0 ? null : Unsupported,
        Preset = Preset,
        Tables = Records,
    };
}
