using System.Text.Json.Serialization;

namespace Backup.Core.Peers.Results;

/// <summary>One comparison on one workload: what <c>docs/benchmarks.md</c> and the charts are made of.</summary>
internal sealed record ComparisonResult
{
    /// <summary>The comparison.</summary>
    public required string Comparison { get; init; }

    /// <summary>The data, such as <c>1 GB</c>; also the file's name together with the comparison.</summary>
    public required string Workload { get; init; }

    /// <summary>The size of the data as text or files, before packing.</summary>
    public required long RawBytes { get; init; }

    /// <summary>When the last round ended.</summary>
    public required DateTimeOffset MeasuredAt { get; init; }

    /// <summary>Processors, memory, kernel, versions.</summary>
    public required string Machine { get; init; }

    /// <summary>The programs, in the order in which each round ran them.</summary>
    public required IReadOnlyList<ContestantResult> Contestants { get; init; }

    /// <summary>The programs that are missing or failed, and so have no figures.</summary>
    [JsonIgnore]
    public IEnumerable<ContestantResult> LeftOut => Contestants.Where(contestant => contestant.Missing is not null);

    /// <summary>Finds a program by its name; <c>null</c> where it did not run.</summary>
    public ContestantResult? Find(string name) =>
        Contestants.FirstOrDefault(contestant => contestant.Name == name && contestant.Samples.Count > 0);
}
