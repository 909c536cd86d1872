namespace Backup.Core.Peers.Results;

/// <summary>What one program did in a comparison.</summary>
internal sealed record ContestantResult
{
    /// <summary>The program and its settings, as the table names them.</summary>
    public required string Name { get; init; }

    /// <summary>The line of the chart that it belongs to; <c>null</c> where it is a point of its own.</summary>
    public string? Series { get; init; }

    /// <summary>Its place in its series: a level, a number of jobs.</summary>
    public double? X { get; init; }

    /// <summary>Its runs, in the order of the rounds.</summary>
    public required IReadOnlyList<Sample> Samples { get; init; }

    /// <summary>Why it did not run; <c>null</c> when it did.</summary>
    public string? Missing { get; init; }

    /// <summary>The spread of a figure over the runs.</summary>
    public Spread Spread(Func<Sample, double> figure) => Results.Spread.Of(Samples.Select(figure));
}
