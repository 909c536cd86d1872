using System.Text.Json;
using Backup.Cli.Output;
using Backup.Core.Catalog;

namespace Backup.Cli.Documents;

/// <summary>The document of <c>list</c>.</summary>
internal sealed record ListDocument : CommandDocument
{
    /// <summary>Where the backups are.</summary>
    public required string Location { get; init; }

    /// <summary>The backups, newest first.</summary>
    public required IReadOnlyList<ListedBackupSection> Backups { get; init; }

    /// <summary>The runs that have not finished, newest first; absent when there are none.</summary>
    public IReadOnlyList<UnfinishedSection>? Unfinished { get; init; }

    /// <summary>Makes the document.</summary>
    public static ListDocument Of(
        IEnumerable<CatalogEntry> entries, IReadOnlyList<UnfinishedRun> unfinished, string location, int exitCode) => new()
    {
        Command = "list",
        Status = exitCode == Cli.ExitCode.Complete ? DocumentStatus.Complete : DocumentStatus.CompletedWithFailures,
        ExitCode = exitCode,
        Location = location,
        Backups =
        [
            .. entries.Select(entry => new ListedBackupSection
            {
                Id = entry.Id.Value,
                Kind = entry.Manifest is null ? null : BackupStateText.Kind(entry.Kind),
                Parent = entry.Parent?.Value,
                State = JsonNamingPolicy.CamelCase.ConvertName(entry.State.ToString()),
                Marked = entry.IsMarked ? true : null,
                DurationSeconds = entry.Manifest is null ? null : entry.Duration.TotalSeconds,
                ReferencedBytes = entry.Manifest is null ? null : entry.ReferencedBytes,
                BrokenReferences = BrokenReferenceSection.Of(entry.BrokenReferences),
                FormatVersion = entry.Manifest?.FormatVersion,
                StartedAt = entry.Manifest?.StartedAt,
                FinishedAt = entry.Manifest?.FinishedAt,
                Database = entry.Manifest?.Database?.Name,
                ServerVersion = entry.Manifest?.Database?.ServerVersion,
                Storage = entry.Manifest?.Storage?.Location,
                Totals = entry.Manifest is { } manifest
                    ? TotalsSection.Of(manifest.Totals, manifest.Database?.Tables.Count ?? 0)
                    : null,
                Failures = entry.Manifest?.Failures.Count,
                Unsupported = entry.Manifest?.Database?.Unsupported?.Count,
                Damage = entry.Damage?.Message,
                DamagedFiles = DamagedFileSection.Of(entry.DamagedFiles),
                Parts = entry.Manifest?.Parts?.Count,
            }),
        ],
        Unfinished = unfinished.Count == 0 ? null : [.. unfinished.Select(UnfinishedSection.Of)],
    };
}

/// <summary>One backup of a list.</summary>
internal sealed record ListedBackupSection
{
    /// <summary>The backup's id.</summary>
    public required string Id { get; init; }

    /// <summary><c>full</c>, <c>incremental</c> or <c>merged</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>The id of the backup upon which it was made.</summary>
    public string? Parent { get; init; }

    /// <summary><c>complete</c>, <c>withFailures</c>, <c>brokenReference</c> or <c>damaged</c>.</summary>
    public required string State { get; init; }

    /// <summary>Whether a prune is about to remove it; absent when none is.</summary>
    public bool? Marked { get; init; }

    /// <summary>How long its run took.</summary>
    public double? DurationSeconds { get; init; }

    /// <summary>The packed size of what other backups hold for it.</summary>
    public long? ReferencedBytes { get; init; }

    /// <summary>Backups that it refers to and that cannot give what they should; absent when all is well.</summary>
    public IReadOnlyList<BrokenReferenceSection>? BrokenReferences { get; init; }

    /// <summary>The version of its format.</summary>
    public string? FormatVersion { get; init; }

    /// <summary>When the run began.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it was committed.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The database's name.</summary>
    public string? Database { get; init; }

    /// <summary>The server's version.</summary>
    public string? ServerVersion { get; init; }

    /// <summary>Where the stored objects came from, without secrets.</summary>
    public string? Storage { get; init; }

    /// <summary>Sums.</summary>
    public TotalsSection? Totals { get; init; }

    /// <summary>How many items it lacks.</summary>
    public int? Failures { get; init; }

    /// <summary>How many objects it lacks that no backup can hold; absent for none.</summary>
    public int? Unsupported { get; init; }

    /// <summary>In how many parts it was made; absent for one.</summary>
    public int? Parts { get; init; }

    /// <summary>What is wrong with its manifest; all else is then unknown.</summary>
    public string? Damage { get; init; }

    /// <summary>The files that are missing or of another size than its manifest says; absent when all is well.</summary>
    public IReadOnlyList<DamagedFileSection>? DamagedFiles { get; init; }
}
