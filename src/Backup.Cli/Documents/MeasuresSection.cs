using System.Text.Json;
using Backup.Core.Pipeline;

namespace Backup.Cli.Documents;

/// <summary>How a run went: what is worth comparing from one backup to the next.</summary>
internal sealed record MeasuresSection
{
    /// <summary>Raw bytes per second of the whole run.</summary>
    public required double BytesPerSecond { get; init; }

    /// <summary>Rows per second of the whole run.</summary>
    public required double RowsPerSecond { get; init; }

    /// <summary>Objects per second of the whole run.</summary>
    public required double ObjectsPerSecond { get; init; }

    /// <summary>The part of all tables and objects that failed, from 0 to 1.</summary>
    public required double ErrorRate { get; init; }

    /// <summary>The phases in their order.</summary>
    public required IReadOnlyList<PhaseSection> Phases { get; init; }

    /// <summary>What was tried again.</summary>
    public required RetriesSection Retries { get; init; }

    /// <summary>Makes the section.</summary>
    public static MeasuresSection Of(BackupResult result) => new()
    {
        BytesPerSecond = result.BytesPerSecond,
        RowsPerSecond = result.RowsPerSecond,
        ObjectsPerSecond = result.ObjectsPerSecond,
        ErrorRate = result.ErrorRate,
        Phases =
        [
            .. result.Phases.Select(phase => new PhaseSection
            {
                Phase = JsonNamingPolicy.CamelCase.ConvertName(phase.Phase.ToString()),
                DurationSeconds = phase.Duration.TotalSeconds,
            }),
        ],
        Retries = new RetriesSection
        {
            Connections = result.Retries.Connections,
            Pages = result.Retries.Pages,
            Objects = result.Retries.Objects,
            SinkCalls = result.Retries.SinkCalls,
        },
    };
}

/// <summary>One phase of a run.</summary>
internal sealed record PhaseSection
{
    /// <summary>The phase.</summary>
    public required string Phase { get; init; }

    /// <summary>How long the run was in it.</summary>
    public required double DurationSeconds { get; init; }
}

/// <summary>How often something was tried again.</summary>
internal sealed record RetriesSection
{
    /// <summary>The opening of a database connection.</summary>
    public required long Connections { get; init; }

    /// <summary>The reading of a page of rows.</summary>
    public required long Pages { get; init; }

    /// <summary>The download of an object.</summary>
    public required long Objects { get; init; }

    /// <summary>A call of the sink.</summary>
    public required long SinkCalls { get; init; }
}
