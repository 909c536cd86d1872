namespace Backup.Core.Peers.Results;

/// <summary>A figure of several runs: the one in the middle, and the two at the ends.</summary>
internal readonly record struct Spread(double Median, double Least, double Most)
{
    /// <summary>Sums figures up; there must be one at least.</summary>
    public static Spread Of(IEnumerable<double> figures)
    {
        var sorted = figures.Order().ToArray();
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[^1]);
    }
}
