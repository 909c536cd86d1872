using Backup.Core.Peers.Results;

namespace Backup.Core.Peers.Reports;

/// <summary>A figure of ours against another's, round by round: what slowed a round slowed both.</summary>
internal sealed record RatioTarget(string Text, double Limit, string Comparison, string Workload, string Ours, string Peer)
    : Target(Text)
{
    /// <summary>What is compared.</summary>
    public Func<Sample, double> Figure { get; init; } = sample => sample.WallSeconds;

    /// <summary>Whether more is better, as of a rate.</summary>
    public bool IsFloor { get; init; }

    /// <inheritdoc/>
    public override string Bound => FormattableString.Invariant($"{(IsFloor ? '≥' : '≤')} {Limit:0.###} ×");

    /// <inheritdoc/>
    public override (string Figure, bool IsReached)? Evaluate(IReadOnlyList<ComparisonResult> results)
    {
        var result = results.FirstOrDefault(result => result.Comparison == Comparison && result.Workload == Workload);
        if (result?.Find(Ours) is not { } ours || result.Find(Peer) is not { } peer)
        {
            return null;
        }

        var ratio = Spread.Of(ours.Samples.Zip(peer.Samples, (mine, other) => Figure(mine) / Figure(other)));
        var isReached = IsFloor ? ratio.Median >= Limit : ratio.Median <= Limit;
        return (FormattableString.Invariant($"{ratio.Median:0.00#} × ({ratio.Least:0.00#}–{ratio.Most:0.00#})"), isReached);
    }
}
