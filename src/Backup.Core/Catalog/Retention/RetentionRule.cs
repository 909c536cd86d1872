using System.Globalization;

namespace Backup.Core.Catalog.Retention;

/// <summary>One rule that keeps the newest backup of each of a number of periods. Used for one pass over backups, newest first.</summary>
/// <param name="kind">Which rule.</param>
/// <param name="count">How many backups it keeps.</param>
/// <param name="periodOf">The period of a backup, by its local time and its place among the others; equal for those of one period.</param>
internal sealed class RetentionRule(PruneReasonKind kind, int count, Func<DateTime, int, int> periodOf)
{
    private int _left = count;
    private int? _last;

    /// <summary>Which rule.</summary>
    public PruneReasonKind Kind => kind;

    /// <summary>The counting rules of a policy.</summary>
    public static RetentionRule[] Of(RetentionPolicy policy) =>
    [
        new(PruneReasonKind.Last, policy.KeepLast, static (_, place) => place),
        new(PruneReasonKind.Daily, policy.KeepDaily, static (time, _) => DateOnly.FromDateTime(time).DayNumber),
        new(PruneReasonKind.Weekly, policy.KeepWeekly, static (time, _) => (ISOWeek.GetYear(time) * 100) + ISOWeek.GetWeekOfYear(time)),
        new(PruneReasonKind.Monthly, policy.KeepMonthly, static (time, _) => (time.Year * 100) + time.Month),
        new(PruneReasonKind.Yearly, policy.KeepYearly, static (time, _) => time.Year),
    ];

    /// <summary>Says whether the rule keeps the next backup.</summary>
    /// <param name="time">Its time in the policy's time zone.</param>
    /// <param name="place">How many are newer.</param>
    /// <param name="isOldest">Whether none is older: while the rule may keep more it keeps that one, to have the longest history.</param>
    public bool Keeps(DateTime time, int place, bool isOldest)
    {
        if (_left == 0)
        {
            return false;
        }

        var period = periodOf(time, place);
        if (period == _last && !isOldest)
        {
            return false;
        }

        _last = period;
        _left--;
        return true;
    }
}
