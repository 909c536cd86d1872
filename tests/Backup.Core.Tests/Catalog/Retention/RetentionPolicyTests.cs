using Backup.Core.Catalog.Retention;

namespace Backup.Core.Tests.Catalog.Retention;

public sealed class RetentionPolicyTests
{
    [Fact]
    public void Defaults_AreThoseOfTheDocumentation()
    {
        var policy = new RetentionPolicy();

        Assert.Equal(TimeSpan.FromHours(1), RetentionPolicy.DefaultMinimumAge);
        Assert.Equal(RetentionPolicy.DefaultMinimumAge, policy.MinimumAge);
        Assert.Equal(TimeZoneInfo.Utc, policy.TimeZone);
        Assert.Equal((0, 0, 0, 0, 0), (policy.KeepLast, policy.KeepDaily, policy.KeepWeekly, policy.KeepMonthly, policy.KeepYearly));
        Assert.Equal(TimeSpan.Zero, policy.KeepWithin);
    }

    [Fact]
    public void ThrowIfInvalid_NoRule_Refuses() =>
        Assert.Contains("keeps nothing", Assert.Throws<ArgumentException>(() => new RetentionPolicy().ThrowIfInvalid()).Message, StringComparison.Ordinal);

    public static TheoryData<RetentionPolicy> Negative =>
    [
        new RetentionPolicy { KeepLast = -1 },
        new RetentionPolicy { KeepDaily = -1 },
        new RetentionPolicy { KeepWeekly = -1 },
        new RetentionPolicy { KeepMonthly = -1 },
        new RetentionPolicy { KeepYearly = -1 },
        new RetentionPolicy { KeepLast = 1, KeepWithin = TimeSpan.FromTicks(-1) },
        new RetentionPolicy { KeepLast = 1, MinimumAge = TimeSpan.FromTicks(-1) },
    ];

    [Theory]
    [MemberData(nameof(Negative))]
    public void ThrowIfInvalid_NegativeNumberOrTime_Refuses(RetentionPolicy policy) =>
        Assert.Throws<ArgumentOutOfRangeException>(policy.ThrowIfInvalid);
}
