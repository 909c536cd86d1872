using Backup.Core.Catalog.Retention;
using CsCheck;

namespace Backup.Core.Tests.Catalog.Retention;

public sealed class RetentionRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeZoneInfo East = TimeZoneInfo.CreateCustomTimeZone("east", TimeSpan.FromHours(13), "east", "east");

    [Fact]
    public void Apply_AnyPolicyAndBackups_KeepsWhatTheModelKeeps()
    {
        var policies = Gen.Select(
            Gen.Int[0, 5], Gen.Int[0, 5], Gen.Int[0, 4], Gen.Int[0, 4], Gen.Int[0, 3], Gen.Int[0, 60 * 24 * 60], Gen.Bool,
            (last, daily, weekly, monthly, yearly, within, isEast) => new RetentionPolicy
            {
                KeepLast = last,
                KeepDaily = daily,
                KeepWeekly = weekly,
                KeepMonthly = monthly,
                KeepYearly = yearly,
                KeepWithin = TimeSpan.FromMinutes(within),
                TimeZone = isEast ? East : TimeZoneInfo.Utc,
            });

        // Hours apart, days apart or months apart, and some of the future; also several of one instant.
        var ages = Gen.OneOf(Gen.Int[0, 72], Gen.Int[0, 24 * 30], Gen.Int[-48, 24 * 365 * 4]);
        Gen.Select(policies, ages.Array[0, 40]).Sample((policy, hours) =>
        {
            var times = hours.Order().Select(age => Now - TimeSpan.FromHours(age)).ToList();

            var kept = RetentionRules.Apply(policy, times, Now);

            var places = Enumerable.Range(0, times.Count).Where(place => kept[place].Count > 0);
            Assert.Equal(RetentionModel.Keep(policy, times, Now).Order(), places);
        });
    }

    [Fact]
    public void Apply_TwelveSundaysAndFourDays_KeepsTheLastFourSundays()
    {
        // The example of restic's documentation: days without a backup do not count.
        var sundays = Enumerable.Range(0, 12).Select(week => Now - TimeSpan.FromDays(7 * week)).ToList();

        var kept = Kept(new RetentionPolicy { KeepDaily = 4 }, sundays);

        Assert.Equal([0, 1, 2, 3], kept);
    }

    [Fact]
    public void Apply_FewerPeriodsThanTheRuleKeeps_KeepsTheOldestToo()
    {
        // Of one month, of which the newest would do for the rule.
        var days = Enumerable.Range(0, 5).Select(day => Now - TimeSpan.FromDays(day)).ToList();

        Assert.Equal([0, 4], Kept(new RetentionPolicy { KeepMonthly = 12 }, days));
        Assert.Equal([0], Kept(new RetentionPolicy { KeepMonthly = 1 }, days));
    }

    [Fact]
    public void Apply_WeekOfTwoYears_IsOne()
    {
        // ISO 8601: 2026-12-31 to 2027-01-03 are all of week 53 of 2026.
        DateTimeOffset[] times =
            [new(2027, 1, 3, 1, 0, 0, TimeSpan.Zero), new(2026, 12, 31, 1, 0, 0, TimeSpan.Zero), new(2026, 12, 27, 1, 0, 0, TimeSpan.Zero)];

        Assert.Equal([0, 2], Kept(new RetentionPolicy { KeepWeekly = 2 }, times));
    }

    [Fact]
    public void Apply_TimeZone_DaysBeginThere()
    {
        // One day in UTC, two on the other side of the date line.
        DateTimeOffset[] times = [new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero), new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero), new(2026, 11, 21, 1, 0, 0, TimeSpan.Zero)];

        Assert.Equal([0], Kept(new RetentionPolicy { KeepDaily = 1 }, times));
        Assert.Equal([0, 1], Kept(new RetentionPolicy { KeepDaily = 2, TimeZone = East }, times));
    }

    [Fact]
    public void Apply_Within_CountsFromTheNewestAndNotFromNow()
    {
        DateTimeOffset[] times = [Now - TimeSpan.FromDays(100), Now - TimeSpan.FromDays(101), Now - TimeSpan.FromDays(110)];

        Assert.Equal([0, 1], Kept(new RetentionPolicy { KeepWithin = TimeSpan.FromDays(7) }, times));
    }

    [Fact]
    public void Apply_BackupOfTheFuture_DoesNotTakeTheOthersOutOfTheRange()
    {
        DateTimeOffset[] times = [Now + TimeSpan.FromDays(1000), Now, Now - TimeSpan.FromDays(8)];

        Assert.Equal([0, 1], Kept(new RetentionPolicy { KeepWithin = TimeSpan.FromDays(7) }, times));
    }

    [Fact]
    public void Apply_SeveralRules_SaysAllThatKeep()
    {
        var policy = new RetentionPolicy { KeepLast = 1, KeepDaily = 1, KeepYearly = 1, KeepWithin = TimeSpan.FromDays(1) };

        var kept = RetentionRules.Apply(policy, [Now], Now);

        Assert.Equal([PruneReasonKind.Last, PruneReasonKind.Daily, PruneReasonKind.Yearly, PruneReasonKind.Within], Assert.Single(kept));
    }

    private static IEnumerable<int> Kept(RetentionPolicy policy, IReadOnlyList<DateTimeOffset> times)
    {
        var kept = RetentionRules.Apply(policy, times, Now);
        return Enumerable.Range(0, times.Count).Where(place => kept[place].Count > 0);
    }
}
