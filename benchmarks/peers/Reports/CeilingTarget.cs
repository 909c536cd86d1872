using Backup.Core.Peers.Results;

namespace Backup.Core.Peers.Reports;

/// <summary>Memory of ours that no run may exceed.</summary>
internal sealed record CeilingTarget(string Text, double LimitMegabytes, string Comparison, string Workload, string Ours)
    : Target(Text)
{
    private const double Megabyte = 1e6;

    /// <inheritdoc/>
    public override string Bound => FormattableString.Invariant($"< {LimitMegabytes} MB");

    /// <inheritdoc/>
    public override (string Figure, bool IsReached)? Evaluate(IReadOnlyList<ComparisonResult> results)
    {
        var result = results.FirstOrDefault(result => result.Comparison == Comparison && result.Workload == Workload);
        if (result?.Find(Ours) is not { } ours)
        {
            return null;
        }

        var memory = ours.Spread(sample => sample.PeakMemoryBytes / Megabyte);
        return (FormattableString.Invariant($"{memory.Median:0} MB ({memory.Least:0}–{memory.Most:0})"), memory.Most < LimitMegabytes);
    }
}
