using System.Globalization;
using Backup.Core.Catalog.Retention;

namespace Backup.Core.Tests.Catalog.Retention;

/// <summary>The rules of a policy once more, said as sets and not as a pass: slow and plain.</summary>
internal static class RetentionModel
{
    /// <summary>Says which backups a policy keeps.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="times">The instants of the backups, newest first.</param>
    /// <param name="now">The time.</param>
    /// <returns>The places of those that are kept.</returns>
    public static HashSet<int> Keep(RetentionPolicy policy, IReadOnlyList<DateTimeOffset> times, DateTimeOffset now)
    {
        var local = times.Select(time => TimeZoneInfo.ConvertTime(time, policy.TimeZone)).ToList();
        var kept = Enumerable.Range(0, Math.Min(policy.KeepLast, times.Count)).ToHashSet();
        kept.UnionWith(NewestOfEach(local, policy.KeepDaily, time => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        kept.UnionWith(NewestOfEach(local, policy.KeepWeekly, time => MondayOf(time).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        kept.UnionWith(NewestOfEach(local, policy.KeepMonthly, time => time.ToString("yyyy-MM", CultureInfo.InvariantCulture)));
        kept.UnionWith(NewestOfEach(local, policy.KeepYearly, time => time.ToString("yyyy", CultureInfo.InvariantCulture)));
        var past = times.Where(time => time <= now).ToList();
        var latest = past.Count == 0 ? now : past.Max();
        kept.UnionWith(Enumerable.Range(0, times.Count).Where(place => times[place] > latest - policy.KeepWithin && policy.KeepWithin > TimeSpan.Zero));
        return kept;
    }

    private static IEnumerable<int> NewestOfEach(List<DateTimeOffset> local, int count, Func<DateTimeOffset, string> periodOf)
    {
        if (local.Count == 0 || count == 0)
        {
            return [];
        }

        var newest = Enumerable.Range(0, local.Count).GroupBy(place => periodOf(local[place])).Select(period => period.Min()).Order().ToList();
        return newest.Count < count ? newest.Append(local.Count - 1) : newest.Take(count);
    }

    private static DateTime MondayOf(DateTimeOffset time) => time.Date.AddDays(-(((int)time.DayOfWeek + 6) % 7));
}
