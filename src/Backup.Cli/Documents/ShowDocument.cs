using System.Text.Json;
using Backup.Cli.Output;
using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Catalog;

namespace Backup.Cli.Documents;

/// <summary>The document of <c>show</c>.</summary>
internal sealed record ShowDocument : CommandDocument
{
    /// <summary>The backup's id.</summary>
    public required string Id { get; init; }

    /// <summary>The version of its format.</summary>
    public required string FormatVersion { get; init; }

    /// <summary>The program that wrote it.</summary>
    public required string WrittenBy { get; init; }

    /// <summary>When the run began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it was committed.</summary>
    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary><c>full</c>, <c>incremental</c> or <c>merged</c>.</summary>
    public required string Kind { get; init; }

    /// <summary><c>complete</c>, <c>withFailures</c>, <c>brokenReference</c> or <c>damaged</c>.</summary>
    public required string State { get; init; }

    /// <summary>The files that are missing or of another size than the manifest says; absent when all is well.</summary>
    public IReadOnlyList<DamagedFileSection>? DamagedFiles { get; init; }

    /// <summary>Whether a prune is about to remove it; absent when none is.</summary>
    public bool? Marked { get; init; }

    /// <summary>The id of the backup upon which it was made.</summary>
    public string? Parent { get; init; }

    /// <summary>How many backups were made one upon another up to this one, the first not counted; absent for 0.</summary>
    public int? Chain { get; init; }

    /// <summary>The ids of the backups that it was merged from.</summary>
    public IReadOnlyList<string>? MergedFrom { get; init; }

    /// <summary>The backups that hold bytes of it; absent when it holds all itself.</summary>
    public IReadOnlyList<ReferenceSection>? References { get; init; }

    /// <summary>Those of them that cannot give what they should; absent when all is well.</summary>
    public IReadOnlyList<BrokenReferenceSection>? BrokenReferences { get; init; }

    /// <summary>The ids of the backups of which it holds bytes, the newest first.</summary>
    public required IReadOnlyList<string> Dependents { get; init; }

    /// <summary>Sums.</summary>
    public required TotalsSection Totals { get; init; }

    /// <summary>The database.</summary>
    public DatabaseDocumentSection? Database { get; init; }

    /// <summary>The object store.</summary>
    public StorageDocumentSection? Storage { get; init; }

    /// <summary>The parts in which it was made; absent when it was made in one go.</summary>
    public IReadOnlyList<PartSection>? Parts { get; init; }

    /// <summary>Folders of pages that belong to no table any more; absent when there are none.</summary>
    public IReadOnlyList<string>? Superseded { get; init; }

    /// <summary>The zip files.</summary>
    public required IReadOnlyList<VolumeSection> Volumes { get; init; }

    /// <summary>What is missing from the backup.</summary>
    public required IReadOnlyList<FailureSection> Failures { get; init; }

    /// <summary>Makes the document.</summary>
    /// <param name="entry">The backup.</param>
    /// <param name="manifest">Its manifest.</param>
    /// <param name="dependents">The backups of which it holds bytes.</param>
    public static ShowDocument Of(CatalogEntry entry, BackupManifest manifest, IReadOnlyList<BackupId> dependents) => new()
    {
        Command = "show",
        Status = DocumentStatus.Complete,
        ExitCode = Cli.ExitCode.Complete,
        Id = manifest.Id.Value,
        FormatVersion = manifest.FormatVersion,
        WrittenBy = manifest.WrittenBy,
        StartedAt = manifest.StartedAt,
        FinishedAt = manifest.FinishedAt,
        Kind = BackupStateText.Kind(manifest.Kind),
        State = JsonNamingPolicy.CamelCase.ConvertName(entry.State.ToString()),
        DamagedFiles = DamagedFileSection.Of(entry.DamagedFiles),
        Marked = entry.IsMarked ? true : null,
        Parent = manifest.Parent?.Value,
        Chain = manifest.Chain == 0 ? null : manifest.Chain,
        MergedFrom = manifest.MergedFrom is { Count: > 0 } merged ? [.. merged.Select(id => id.Value)] : null,
        References = ReferenceSection.Of(manifest.References),
        BrokenReferences = BrokenReferenceSection.Of(entry.BrokenReferences),
        Dependents = [.. dependents.Select(id => id.Value)],
        Totals = TotalsSection.Of(manifest.Totals, manifest.Database?.Tables.Count ?? 0),
        Database = manifest.Database is { } database ? DatabaseDocumentSection.Of(database) : null,
        Storage = manifest.Storage is { } storage ? StorageDocumentSection.Of(storage) : null,
        Parts = PartSection.Of(manifest.Parts),
        Superseded = manifest.Superseded,
        Volumes =
        [
            .. manifest.Volumes.Select(volume => new VolumeSection
            {
                Name = volume.Name,
                Bytes = volume.Bytes,
                Sha256 = volume.Sha256,
                Entries = volume.Entries,
            }),
        ],
        Failures = FailureSection.Of(manifest.Failures),
    };
}

/// <summary>The database of a backup.</summary>
internal sealed record DatabaseDocumentSection
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The server's version.</summary>
    public required string ServerVersion { get; init; }

    /// <summary>Its encoding.</summary>
    public required string Encoding { get; init; }

    /// <summary>The instant that the backup shows, by the server's clock.</summary>
    public required DateTimeOffset SnapshotAt { get; init; }

    /// <summary>The position of the write-ahead log at that instant.</summary>
    public string? SnapshotLsn { get; init; }

    /// <summary>How many roles of the server the backup holds; absent where it was made without them.</summary>
    public int? Roles { get; init; }

    /// <summary>What it held that no backup can; absent when that was nothing.</summary>
    public IReadOnlyList<UnsupportedSection>? Unsupported { get; init; }

    /// <summary>The platform whose own objects were left out.</summary>
    public string? Preset { get; init; }

    /// <summary>The tables.</summary>
    public required IReadOnlyList<ShownTableSection> Tables { get; init; }

    /// <summary>Makes the section.</summary>
    public static DatabaseDocumentSection Of(DatabaseSection database) => new()
    {
        Name = database.Name,
        ServerVersion = database.ServerVersion,
        Encoding = database.Encoding,
        SnapshotAt = database.SnapshotAt,
        SnapshotLsn = database.SnapshotLsn,
        Roles = database.Roles,
        Unsupported = UnsupportedSection.Of(database.Unsupported),
        Preset = database.Preset,
        Tables =
        [
            .. database.Tables.Select(table => new ShownTableSection
            {
                Schema = table.Schema,
                Name = table.Name,
                Path = table.Path,
                Columns = table.Columns,
                Pages = table.Pages,
                Rows = table.Rows,
                RawBytes = table.RawBytes,
                Mixed = table.Mixed ? true : null,
            }),
        ],
    };
}

/// <summary>One table of a backup.</summary>
internal sealed record ShownTableSection
{
    /// <summary>The schema.</summary>
    public required string Schema { get; init; }

    /// <summary>The table.</summary>
    public required string Name { get; init; }

    /// <summary>The folder of its pages inside the volumes.</summary>
    public required string Path { get; init; }

    /// <summary>The columns in the order in which rows give them.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>The number of its pages.</summary>
    public required int Pages { get; init; }

    /// <summary>The number of its rows.</summary>
    public required long Rows { get; init; }

    /// <summary>Their size before packing.</summary>
    public required long RawBytes { get; init; }

    /// <summary>Whether its rows are of several snapshots; absent when they are of one.</summary>
    public bool? Mixed { get; init; }
}

/// <summary>One zip file of a backup.</summary>
internal sealed record VolumeSection
{
    /// <summary>The file's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its size.</summary>
    public required long Bytes { get; init; }

    /// <summary>Its SHA-256 in hex digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The number of entries in it.</summary>
    public required int Entries { get; init; }
}
