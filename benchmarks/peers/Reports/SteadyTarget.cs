using Backup.Core.Peers.Results;

namespace Backup.Core.Peers.Reports;

/// <summary>A figure of ours that stays the same over all sizes of data.</summary>
/// <param name="Text">What, for people.</param>
/// <param name="Tolerance">How far any size may be from the mean of all, as a part of it.</param>
/// <param name="Ours">The program.</param>
/// <param name="Figure">The figure, given a run and the size of its data in GB.</param>
internal sealed record SteadyTarget(string Text, double Tolerance, string Ours, Func<Sample, double, double> Figure)
    : Target(Text, FormattableString.Invariant($"± {Tolerance:P0}"))
{
    private const string Comparison = "growth";
    private const int FewestSizes = 3;
    private const double Gigabyte = 1e9;

    /// <inheritdoc/>
    public override (string Figure, bool IsReached)? Evaluate(IReadOnlyList<ComparisonResult> results)
    {
        var figures = results
            .Where(result => result.Comparison == Comparison && result.Find(Ours) is not null)
            .Select(result => result.Find(Ours)!.Spread(sample => Figure(sample, result.RawBytes / Gigabyte)).Median)
            .ToArray();
        if (figures.Length < FewestSizes)
        {
            return null;
        }

        var mean = figures.Average();
        var furthest = figures.Max(figure => Math.Abs(figure - mean) / mean);
        var text = FormattableString.Invariant($"± {furthest:P0} ({figures.Min():0.0}–{figures.Max():0.0} over {figures.Length} sizes)");
        return (text, furthest <= Tolerance);
    }
}
