using System.Text.Json;
using Backup.Core.Catalog;

namespace Backup.Cli.Documents;

/// <summary>One run that has not finished.</summary>
internal sealed record UnfinishedSection
{
    /// <summary>The id by which it is taken up again.</summary>
    public required string Id { get; init; }

    /// <summary><c>running</c>, <c>suspended</c> or <c>abandoned</c>.</summary>
    public required string State { get; init; }

    /// <summary>The part that wrote last.</summary>
    public int? Part { get; init; }

    /// <summary>When something was last kept.</summary>
    public DateTimeOffset? KeptAt { get; init; }

    /// <summary>The number of durable volumes.</summary>
    public required int Volumes { get; init; }

    /// <summary>The size of all its files.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>Who writes it.</summary>
    public string? Owner { get; init; }

    /// <summary>Makes a section.</summary>
    public static UnfinishedSection Of(UnfinishedRun run) => new()
    {
        Id = run.Id.Value,
        State = JsonNamingPolicy.CamelCase.ConvertName(run.State.ToString()),
        Part = run.Part > 0 ? run.Part : null,
        KeptAt = run.KeptAt,
        Volumes = run.Volumes,
        StoredBytes = run.StoredBytes,
        Owner = run.Owner,
    };
}
