using Backup.Core.Archives;

namespace Backup.Core.Catalog.Retention;

/// <summary>Makes the plan of a prune. Asks nothing but what it is given.</summary>
internal static class PrunePlanner
{
    /// <summary>Makes a plan.</summary>
    /// <param name="survey">What is there.</param>
    /// <param name="policy">The policy, which is valid.</param>
    /// <param name="now">The time.</param>
    public static PrunePlan Plan(PruneSurvey survey, RetentionPolicy policy, DateTimeOffset now)
    {
        var reasons = survey.Candidates.ToDictionary(candidate => candidate.Id, _ => new List<PruneReason>());
        foreach (var source in survey.Candidates.GroupBy(candidate => candidate.Source))
        {
            // Of two that show the same instant the one that was written later is a merged one: it comes first and the other may go.
            var newestFirst = source.OrderByDescending(candidate => candidate.ShownAt).ThenByDescending(candidate => candidate.Id).ToList();
            AddRules(newestFirst, policy, now, reasons);
            reasons[LastGoodOf(newestFirst).Id].Add(new PruneReason(PruneReasonKind.LastGood));
        }

        foreach (var young in survey.Candidates.Where(candidate => now - candidate.FinishedAt < policy.MinimumAge))
        {
            reasons[young.Id].Add(new PruneReason(PruneReasonKind.TooYoung));
        }

        AddNeeds(survey, reasons);
        return new PrunePlan { Backups = [.. survey.Candidates.OrderByDescending(candidate => candidate.Id).Select(Decide)] };

        PruneDecision Decide(PruneCandidate candidate) => new()
        {
            Id = candidate.Id,
            IsKept = reasons[candidate.Id].Count > 0,
            Reasons = reasons[candidate.Id] is { Count: > 0 } found ? found : [new PruneReason(PruneReasonKind.Expired)],
            ShownAt = candidate.ShownAt,
            Bytes = candidate.Bytes,
            References = candidate.References,
        };
    }

    /// <summary>Looks again at a plan: whatever is not to go by it may need, by now, what is.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="survey">What is there now.</param>
    /// <returns>The plan, with what is needed kept.</returns>
    public static PrunePlan Confirm(PrunePlan plan, PruneSurvey survey)
    {
        var planned = plan.Backups.ToDictionary(backup => backup.Id);
        var reasons = survey.Candidates.ToDictionary(
            candidate => candidate.Id,
            candidate => !planned.TryGetValue(candidate.Id, out var backup) ? [new PruneReason(PruneReasonKind.TooYoung)]
                : backup.IsKept ? backup.Reasons.ToList()
                : []);
        AddNeeds(survey, reasons);
        return plan with
        {
            Backups =
            [
                .. plan.Backups.Select(backup => !backup.IsKept && reasons.GetValueOrDefault(backup.Id) is { Count: > 0 } found
                    ? backup with { IsKept = true, Reasons = found }
                    : backup),
            ],
        };
    }

    private static void AddRules(
        List<PruneCandidate> newestFirst, RetentionPolicy policy, DateTimeOffset now, Dictionary<BackupId, List<PruneReason>> reasons)
    {
        // One that cannot be restored whole must not take the place of one that can: whole ones are counted among themselves.
        foreach (var isWhole in (bool[])[true, false])
        {
            var judged = isWhole ? newestFirst.Where(candidate => candidate.IsWhole).ToList() : newestFirst;
            var kept = RetentionRules.Apply(policy, [.. judged.Select(candidate => candidate.ShownAt)], now);
            for (var place = 0; place < judged.Count; place++)
            {
                if (judged[place].IsWhole == isWhole)
                {
                    reasons[judged[place].Id].AddRange(kept[place].Select(kind => new PruneReason(kind)));
                }
            }
        }
    }

    private static PruneCandidate LastGoodOf(List<PruneCandidate> newestFirst) =>
        newestFirst.FirstOrDefault(candidate => candidate is { IsWhole: true, IsComplete: true })
        ?? newestFirst.FirstOrDefault(candidate => candidate.IsWhole)
        ?? newestFirst[0];

    private static void AddNeeds(PruneSurvey survey, Dictionary<BackupId, List<PruneReason>> reasons)
    {
        foreach (var need in survey.Needs.Where(need => reasons.ContainsKey(need.Backup)).OrderByDescending(need => need.Run))
        {
            reasons[need.Backup].Add(new PruneReason(PruneReasonKind.NeededByRun, need.Run));
        }

        // References name the backups that hold the bytes, so one step would do; going on costs nothing and trusts no manifest in that.
        var byId = survey.Candidates.ToDictionary(candidate => candidate.Id);
        var open = new Queue<PruneCandidate>(
            survey.Candidates.Where(candidate => reasons[candidate.Id].Count > 0).OrderByDescending(candidate => candidate.Id));
        while (open.TryDequeue(out var kept))
        {
            foreach (var reference in kept.References.Select(id => byId.GetValueOrDefault(id)).OfType<PruneCandidate>())
            {
                if (reasons[reference.Id].Count == 0)
                {
                    open.Enqueue(reference);
                }

                reasons[reference.Id].Add(new PruneReason(PruneReasonKind.NeededByBackup, kept.Id));
            }
        }
    }
}
