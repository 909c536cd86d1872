using Backup.Core.Catalog.Retention;
using CsCheck;
using static Backup.Core.Tests.Catalog.Retention.Candidates;

namespace Backup.Core.Tests.Catalog.Retention;

public sealed class PrunePlannerTests
{
    private static readonly RetentionPolicy KeepOne = new() { KeepLast = 1 };

    [Fact]
    public void Plan_KeptBackupRefersToOthers_KeepsThemAndSaysForWhom()
    {
        var plan = Plan(KeepOne, Of(10, 20, 40), Of(20, 40), Of(30, 40), Of(40), Of(50));

        Assert.Equal([Id(10), Id(20), Id(40)], plan.Kept.Select(backup => backup.Id));
        Assert.Equal([new PruneReason(PruneReasonKind.NeededByBackup, Id(10))], plan.Backups[1].Reasons);
        Assert.Equal(
            [new PruneReason(PruneReasonKind.NeededByBackup, Id(10)), new PruneReason(PruneReasonKind.NeededByBackup, Id(20))],
            plan.Backups[3].Reasons);
        Assert.Equal([new PruneReason(PruneReasonKind.Expired)], plan.Backups[2].Reasons);
    }

    [Fact]
    public void Plan_NewestBackupsLackItems_KeepsTheLastGoodOneToo()
    {
        var plan = Plan(KeepOne, Of(10) with { IsComplete = false }, Of(20) with { IsComplete = false }, Of(30), Of(40));

        Assert.Equal([Id(10), Id(30)], plan.Kept.Select(backup => backup.Id));
        Assert.Equal(PruneReasonKind.LastGood, Assert.Single(plan.Backups[2].Reasons).Kind);
    }

    [Fact]
    public void Plan_BackupWithBrokenReferences_DoesNotTakeThePlaceOfAWholeOne()
    {
        var plan = Plan(KeepOne, Of(10) with { IsWhole = false }, Of(20), Of(30) with { IsWhole = false });

        Assert.Equal([Id(10), Id(20)], plan.Kept.Select(backup => backup.Id));
    }

    [Fact]
    public void Plan_NothingIsGood_KeepsTheBestThereIs()
    {
        Assert.Equal([Id(20)], Plan(new RetentionPolicy(), Of(10) with { IsWhole = false }, Of(20) with { IsComplete = false }).Kept.Select(backup => backup.Id));
        Assert.Equal([Id(10)], Plan(new RetentionPolicy(), Of(10) with { IsWhole = false }, Of(20) with { IsWhole = false }).Kept.Select(backup => backup.Id));
    }

    [Fact]
    public void Plan_BackupsOfTwoSources_JudgesThemApart()
    {
        var other = new BackupSource("7300000000000000000", "cinema", null, null);

        var plan = Plan(KeepOne, Of(10), Of(20), Of(30) with { Source = other }, Of(40) with { Source = other });

        Assert.Equal([Id(10), Id(30)], plan.Kept.Select(backup => backup.Id));
    }

    [Fact]
    public void Plan_YoungerThanTheMinimumAge_StaysWhateverTheRulesSay()
    {
        var young = Of(3) with { FinishedAt = Now - TimeSpan.FromMinutes(59) };

        var plan = Plan(KeepOne, Of(1), young, Of(4));

        Assert.Equal([Id(1), Id(3)], plan.Kept.Select(backup => backup.Id));
        Assert.Equal(PruneReasonKind.TooYoung, Assert.Single(plan.Backups[1].Reasons).Kind);
    }

    [Fact]
    public void Plan_RunBuildsOnABackup_KeepsItAndWhatItRefersTo()
    {
        var survey = Survey(Of(10), Of(20, 30), Of(30), Of(40)) with { Needs = [new RunNeed(Id(1), Id(20)), new RunNeed(Id(1), Id(999))] };

        var plan = PrunePlanner.Plan(survey, KeepOne, Now);

        Assert.Equal([Id(10), Id(20), Id(30)], plan.Kept.Select(backup => backup.Id));
        Assert.Equal([new PruneReason(PruneReasonKind.NeededByRun, Id(1))], plan.Backups[1].Reasons);
    }

    [Fact]
    public void Plan_MergedBackupShowsTheInstantOfAnOlderOne_TakesItsPlace()
    {
        var merged = Of(1) with { ShownAt = Of(20).ShownAt };

        var plan = Plan(new RetentionPolicy { KeepDaily = 2 }, merged, Of(10), Of(20, 40), Of(40));

        // Of the day of the incremental one only what was merged from it stays.
        Assert.Equal([Id(1), Id(10)], plan.Kept.Select(backup => backup.Id));
    }

    [Fact]
    public void Plan_BackupsThatReferToEachOther_Ends()
    {
        var plan = Plan(KeepOne, Of(10, 20), Of(20, 10, 30), Of(30, 30), Of(40, 50), Of(50, 40));

        Assert.Equal([Id(40), Id(50)], plan.Removed.Select(backup => backup.Id));
        Assert.Equal(2, RemovalOrder.Of(plan).Count);
    }

    [Fact]
    public void Confirm_NewNeeds_KeepsWhatIsNeededNow()
    {
        var before = Survey(Of(10), Of(20, 40), Of(30), Of(40), Of(50));
        var plan = PrunePlanner.Plan(before, KeepOne, Now);
        var after = before with { Candidates = [.. before.Candidates, Of(1, 50)], Needs = [new RunNeed(Id(2), Id(20))] };

        var confirmed = PrunePlanner.Confirm(plan, after);

        Assert.Equal([Id(30)], confirmed.Removed.Select(backup => backup.Id));
        Assert.Equal([new PruneReason(PruneReasonKind.NeededByRun, Id(2))], confirmed.Backups[1].Reasons);
        Assert.Equal([new PruneReason(PruneReasonKind.NeededByBackup, Id(20))], confirmed.Backups[3].Reasons);
        Assert.Equal([new PruneReason(PruneReasonKind.NeededByBackup, Id(1))], confirmed.Backups[4].Reasons);
        Assert.Equal(plan.Backups[0], confirmed.Backups[0]);
    }

    [Fact]
    public void Plan_AnyBackups_NeverRemovesWhatIsNeededOrGoodOrYoung()
    {
        // Each refers to some that are older; some are incomplete, some lack what they refer to, some are needed by a run.
        var backups = Gen.Select(Gen.Int[0, 4].Array[0, 3], Gen.Int[0, 9], Gen.Int[0, 1]).Array[1, 25];
        Gen.Select(backups, Gen.Int[0, 3], Gen.Int[0, 3]).Sample((drawn, last, daily) =>
        {
            var candidates = drawn.Select((item, place) => Of((place * 7) + 1, [.. item.Item1.Select(step => ((place + 1 + step) * 7) + 1)]) with
            {
                IsComplete = item.Item2 != 0,
                Source = new BackupSource(null, item.Item3 == 0 ? "cinema" : "theatre", null, null),
            }).ToArray();
            candidates = [.. candidates.Select(item => item with { IsWhole = item.References.All(id => candidates.Any(other => other.Id == id)) })];
            var needs = drawn.Index().Where(item => item.Item.Item2 == 1).Select(item => new RunNeed(Id(0), candidates[item.Index].Id)).ToList();
            var survey = Survey(candidates) with { Needs = needs };

            var plan = PrunePlanner.Plan(survey, new RetentionPolicy { KeepLast = last, KeepDaily = daily }, Now);

            var kept = plan.Kept.Select(backup => backup.Id).ToHashSet();
            var there = candidates.Select(item => item.Id).ToHashSet();
            Assert.Equal(there, plan.Backups.Select(backup => backup.Id).ToHashSet());
            Assert.All(candidates.Where(item => kept.Contains(item.Id)), item => Assert.All(item.References.Where(there.Contains), id => Assert.Contains(id, kept)));
            Assert.All(needs, need => Assert.Contains(need.Backup, kept));
            Assert.All(
                candidates.Where(item => item is { IsWhole: true, IsComplete: true }).GroupBy(item => item.Source),
                source => Assert.Contains(source.Max(item => item.Id), kept));
            Assert.All(plan.Backups, backup => Assert.NotEmpty(backup.Reasons));
            AssertDependentsFirst(RemovalOrder.Of(plan));
        });
    }

    private static void AssertDependentsFirst(IReadOnlyList<PruneDecision> order)
    {
        for (var place = 0; place < order.Count; place++)
        {
            Assert.DoesNotContain(order.Skip(place + 1), later => later.References.Contains(order[place].Id));
        }
    }

    private static PrunePlan Plan(RetentionPolicy policy, params PruneCandidate[] candidates) =>
        PrunePlanner.Plan(Survey(candidates), policy, Now);
}
