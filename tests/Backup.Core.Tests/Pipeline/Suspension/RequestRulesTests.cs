using Backup.Core.Archives;
using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Suspension;

namespace Backup.Core.Tests.Pipeline.Suspension;

public sealed class RequestRulesTests
{
    public static TheoryData<BackupRequest> Contradictions => new()
    {
        new BackupRequest { TimeBudget = TimeSpan.FromSeconds(0.9) },
        new BackupRequest { TimeBudget = TimeSpan.FromDays(25) },
        new BackupRequest { Resume = new BackupId("latest") },
        new BackupRequest { Resumable = false, TimeBudget = TimeSpan.FromMinutes(1) },
        new BackupRequest { Resumable = false, Resume = BackupId.Create(DateTimeOffset.UnixEpoch) },
        new BackupRequest { AllowMixedTables = true },
        new BackupRequest { Parent = BackupId.Create(DateTimeOffset.UnixEpoch) },
        new BackupRequest { Incremental = true, Parent = new BackupId("latest") },
        new BackupRequest { Incremental = true, Parent = new BackupId("20260101T000000Z-abcd"), Resume = new BackupId("20260101T000000Z-abcd") },
    };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void Check_AContradiction_IsRefused(BackupRequest request) =>
        Assert.Throws<ArgumentException>(() => RequestRules.Check(request));

    [Fact]
    public void Check_WhatGoesTogether_IsTaken()
    {
        RequestRules.Check(new BackupRequest());
        RequestRules.Check(new BackupRequest { Incremental = true });
        RequestRules.Check(new BackupRequest { TrustStatistics = true });
        RequestRules.Check(new BackupRequest { Incremental = true, Parent = BackupId.Create(DateTimeOffset.UnixEpoch), TrustStatistics = true });
        RequestRules.Check(new BackupRequest { Resumable = true, AllowMixedTables = true });
        RequestRules.Check(new BackupRequest { TimeBudget = TimeSpan.FromMinutes(9), Resume = BackupId.Create(DateTimeOffset.UnixEpoch), AllowMixedTables = true });
    }

    [Theory]
    [InlineData(null, false, false)]
    [InlineData(null, true, true)]
    [InlineData(true, false, true)]
    public void IsResumable_ARequest_FollowsFromItsBudgetUnlessSaid(bool? resumable, bool hasBudget, bool expected) =>
        Assert.Equal(
            expected,
            new BackupRequest { Resumable = resumable, TimeBudget = hasBudget ? TimeSpan.FromMinutes(1) : null }.IsResumable);
}
