namespace Backup.Core.Restore;

/// <summary>Tells from what a restore has done how far it is, how fast, and how long it still takes.</summary>
internal static class RestoreEstimate
{
    // How much of the whole the phases are when both rows and objects are restored; rows dominate.
    private const double PreDataShare = 0.05;
    private const double DataShare = 0.75;

    // What the request for one stored object costs, in bytes of a transfer: many small objects take as long as a few large ones.
    private const long FileCost = 64 * 1024;

    /// <summary>How much of the whole is done, from 0 to 1.</summary>
    /// <param name="plan">The plan; <see langword="null"/> before there is one.</param>
    /// <param name="done">What is done.</param>
    public static double Fraction(RestorePlan? plan, in RestoreCounts done)
    {
        if (plan is null)
        {
            return done.Phase == RestorePhase.Completed ? 1 : 0;
        }

        // Without objects of a database there is nothing before and after the transfers.
        var (before, transfer) = plan.Objects.Count == 0 ? (0, 1) : (PreDataShare, DataShare);
        var total = plan.RawBytes + CostOf(plan.Files.Objects, plan.Files.Bytes);
        var moved = total == 0 ? 1 : Math.Min(1, (double)(done.RawBytes + CostOf(done.Files, done.FileBytes)) / total);
        var objects = plan.Objects.Count > 0 ? Math.Min(1, (double)done.Objects / plan.Objects.Count) : 1;
        return done.Phase switch
        {
            RestorePhase.Preparing => 0,
            RestorePhase.PreData => before * objects,
            RestorePhase.Data or RestorePhase.Files => before + (transfer * moved),
            RestorePhase.PostData => before + transfer + ((1 - before - transfer) * objects),
            _ => 1,
        };
    }

    /// <summary>The bytes of one second; 0 while nothing can be said.</summary>
    public static double RateOf(long bytes, TimeSpan elapsed) => elapsed > TimeSpan.Zero ? bytes / elapsed.TotalSeconds : 0;

    /// <summary>How long the phase still takes; <see langword="null"/> where nobody knows.</summary>
    /// <param name="plan">The plan; <see langword="null"/> before there is one.</param>
    /// <param name="done">What is done.</param>
    /// <param name="elapsed">The time since the first of what the phase moves.</param>
    public static TimeSpan? Remaining(RestorePlan? plan, in RestoreCounts done, TimeSpan elapsed) => done.Phase switch
    {
        RestorePhase.Data => TimeFor(done.RawBytes, plan?.RawBytes ?? 0, elapsed),
        RestorePhase.Files => TimeFor(
            CostOf(done.Files, done.FileBytes), plan is null ? 0 : CostOf(plan.Files.Objects, plan.Files.Bytes), elapsed),
        _ => null,
    };

    private static TimeSpan? TimeFor(long done, long total, TimeSpan elapsed) =>
        RateOf(done, elapsed) is var rate and > 0 ? TimeSpan.FromSeconds(Math.Max(0, total - done) / rate) : null;

    private static long CostOf(long files, long bytes) => (FileCost * files) + bytes;
}
