using System.Text.Json;
using Backup.Core.Merging;

namespace Backup.Cli.Documents;

/// <summary>The document of <c>merge</c>.</summary>
internal sealed record MergeDocument : CommandDocument
{
    /// <summary>The backup that was to be merged.</summary>
    public required string Source { get; init; }

    /// <summary>The backup that holds all of it and needs no other.</summary>
    public required string Id { get; init; }

    /// <summary>Where the backups are.</summary>
    public required string Location { get; init; }

    /// <summary><c>merged</c>, <c>notNeeded</c> or <c>alreadyMerged</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>The number of entries that were copied.</summary>
    public required long Entries { get; init; }

    /// <summary>Their packed size.</summary>
    public required long CopiedBytes { get; init; }

    /// <summary>What the new backup takes in the location.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>How long it took.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>Makes the document.</summary>
    public static MergeDocument Of(MergeResult result, string location) => new()
    {
        Command = "merge",
        Status = DocumentStatus.Complete,
        ExitCode = Cli.ExitCode.Complete,
        Source = result.Source.Value,
        Id = result.Backup.Value,
        Location = location,
        Outcome = JsonNamingPolicy.CamelCase.ConvertName(result.Outcome.ToString()),
        Entries = result.Entries,
        CopiedBytes = result.CopiedBytes,
        StoredBytes = result.StoredBytes,
        DurationSeconds = result.Duration.TotalSeconds,
    };
}
