namespace Backup.Core.Catalog.Retention;

/// <summary>Applies the rules of a policy that go by time to the backups of one source.</summary>
internal static class RetentionRules
{
    /// <summary>Says which rules keep each backup.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="times">The instants that the backups show, newest first.</param>
    /// <param name="now">The time.</param>
    /// <returns>For each backup the rules that keep it; none for one that is not kept.</returns>
    public static List<PruneReasonKind>[] Apply(RetentionPolicy policy, IReadOnlyList<DateTimeOffset> times, DateTimeOffset now)
    {
        var rules = RetentionRule.Of(policy);

        // A clock that was wrong for one run must not take the others out of the range.
        var latest = times.FirstOrDefault(time => time <= now, now);
        var result = new List<PruneReasonKind>[times.Count];
        for (var place = 0; place < times.Count; place++)
        {
            var local = TimeZoneInfo.ConvertTime(times[place], policy.TimeZone).DateTime;
            var isOldest = place == times.Count - 1;
            result[place] = [.. rules.Where(rule => rule.Keeps(local, place, isOldest)).Select(rule => rule.Kind)];
            if (policy.KeepWithin > TimeSpan.Zero && latest - times[place] < policy.KeepWithin)
            {
                result[place].Add(PruneReasonKind.Within);
            }
        }

        return result;
    }
}
