using Backup.Core.Peers.Results;

namespace Backup.Core.Peers.Reports;

/// <summary>A figure of ours that stays the same over all sizes of data.</summary>
/// <param name="Text">What, for people.</param>
/// <param name="Tolerance">How far the most may be above the least, as a part of it.</param>
/// <param name="Ours">The program.</param>
/// <param name="Figure">The figure, given a run and the size of its data in GB.</param>
internal sealed record SteadyTarget(string Text, double Tolerance, string Ours, Func<Sample, double, double> Figure)
    : Target(Text)
{
    private const string Comparison = "growth";
    private const int FewestSizes = 4;
    private const double Gigabyte = 1e9;

    /// <inheritdoc/>
    public override string Bound => FormattableString.Invariant($"≤ {Tolerance * 100:0} % apart");

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

        var (least, most) = (figures.Min(), figures.Max());
        var apart = (most - least) / least;
        var text = FormattableString.Invariant($"{apart * 100:0} % ({least:0.0}–{most:0.0}, medians of {figures.Length} sizes)");
        return (text, apart <= Tolerance);
    }
}
