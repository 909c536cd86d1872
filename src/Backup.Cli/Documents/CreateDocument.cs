using System.Text.Json;
using Backup.Cli.Output;
using Backup.Core.Pipeline;

namespace Backup.Cli.Documents;

/// <summary>The document of <c>create</c>.</summary>
internal sealed record CreateDocument : CommandDocument
{
    /// <summary>The backup's id.</summary>
    public required string Id { get; init; }

    /// <summary>Where it is kept.</summary>
    public required string Location { get; init; }

    /// <summary>What it is: <c>full</c> or <c>incremental</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Why it is full though an incremental one was asked for, or does not build on the latest one.</summary>
    public string? KindReason { get; init; }

    /// <summary>The backup that it builds on.</summary>
    public string? Parent { get; init; }

    /// <summary>The number of this part of the run, from 1.</summary>
    public required int Part { get; init; }

    /// <summary>When this part of the run began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long it took.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>Sums.</summary>
    public required TotalsSection Totals { get; init; }

    /// <summary>How it worked.</summary>
    public required ResourcesSection Resources { get; init; }

    /// <summary>How it went.</summary>
    public required MeasuresSection Measures { get; init; }

    /// <summary>The tables.</summary>
    public required IReadOnlyList<CreatedTableSection> Tables { get; init; }

    /// <summary>The buckets.</summary>
    public required IReadOnlyList<CreatedBucketSection> Buckets { get; init; }

    /// <summary>What is missing from the backup.</summary>
    public required IReadOnlyList<FailureSection> Failures { get; init; }

    /// <summary>What the database holds that no backup can; absent when that is nothing.</summary>
    public IReadOnlyList<UnsupportedSection>? Unsupported { get; init; }

    /// <summary>What is stored, reused and dropped, of a finished incremental backup.</summary>
    public ChangesSection? Changes { get; init; }

    /// <summary>What is left to do, of a suspended run.</summary>
    public RemainingSection? Remaining { get; init; }

    /// <summary>Makes the document.</summary>
    public static CreateDocument Of(BackupResult result, string location, int exitCode) => new()
    {
        Command = "create",
        Status = exitCode switch
        {
            Cli.ExitCode.Complete => DocumentStatus.Complete,
            Cli.ExitCode.Suspended => DocumentStatus.Suspended,
            _ => DocumentStatus.CompletedWithFailures,
        },
        ExitCode = exitCode,
        Id = result.Id.Value,
        Location = location,
        Kind = JsonNamingPolicy.CamelCase.ConvertName(result.Kind.ToString()),
        KindReason = result.KindReason is { } reason ? ErrorReport.OfCommandLine(reason) : null,
        Parent = result.Parent?.Value,
        Part = result.Part,
        StartedAt = result.StartedAt,
        DurationSeconds = result.Duration.TotalSeconds,
        Totals = TotalsSection.Of(result.Totals, result.Tables.Count),
        Resources = new ResourcesSection
        {
            Workers = result.Workers > 0 ? result.Workers : null,
            Connections = result.Connections,
            CompressionWorkers = result.CompressionWorkers,
            MemoryBudgetBytes = result.MemoryBudgetBytes,
            PeakBufferBytes = result.Memory.PeakBufferBytes,
            Profile = result.Profile.ToString().ToLowerInvariant(),
            PeakWorkingSetBytes = result.Memory.PeakWorkingSetBytes,
            PeakManagedBytes = result.Memory.PeakManagedBytes,
            TimesSlowed = result.Memory.TimesSlowed,
        },
        Measures = MeasuresSection.Of(result),
        Tables =
        [
            .. result.Tables.Select(table => new CreatedTableSection
            {
                Schema = table.Table.Schema,
                Name = table.Table.Name,
                Pages = table.Pages,
                Rows = table.Rows,
                RawBytes = table.RawBytes,
                DurationSeconds = table.Duration.TotalSeconds,
            }),
        ],
        Buckets = [.. result.Buckets.Select(CreatedBucketSection.Of)],
        Failures = FailureSection.Of(result.Failures),
        Unsupported = UnsupportedSection.Of(result.Unsupported),
        Changes = result.Changes is { } changes ? ChangesSection.Of(changes) : null,
        Remaining = result.Remaining is { } remaining ? RemainingSection.Of(remaining) : null,
    };
}

/// <summary>The connections, threads and memory of a run.</summary>
internal sealed record ResourcesSection
{
    /// <summary>The worker processes; left out when the run copied all itself.</summary>
    public int? Workers { get; init; }

    /// <summary>The connections that read rows.</summary>
    public required int Connections { get; init; }

    /// <summary>The threads that packed.</summary>
    public required int CompressionWorkers { get; init; }

    /// <summary>The memory that buffers were allowed to take.</summary>
    public required long MemoryBudgetBytes { get; init; }

    /// <summary>The most that they took at one moment.</summary>
    public required long PeakBufferBytes { get; init; }

    /// <summary>The profile that what was not given came from.</summary>
    public required string Profile { get; init; }

    /// <summary>The most memory that the process took at one moment.</summary>
    public required long PeakWorkingSetBytes { get; init; }

    /// <summary>The most that its managed heap held at one moment.</summary>
    public required long PeakManagedBytes { get; init; }

    /// <summary>How many times memory passed the low watermark.</summary>
    public required int TimesSlowed { get; init; }
}

/// <summary>One table of a new backup.</summary>
internal sealed record CreatedTableSection
{
    /// <summary>The schema.</summary>
    public required string Schema { get; init; }

    /// <summary>The table.</summary>
    public required string Name { get; init; }

    /// <summary>The number of its pages.</summary>
    public required int Pages { get; init; }

    /// <summary>The number of its rows.</summary>
    public required long Rows { get; init; }

    /// <summary>Their size before packing.</summary>
    public required long RawBytes { get; init; }

    /// <summary>The time from its first read to its last page in the archive.</summary>
    public required double DurationSeconds { get; init; }
}
