using Backup.Core.Errors;

namespace Backup.Core.Restore;

/// <summary>Says what a restore sets out to do, and refuses what the target would not take.</summary>
internal static class RestorePlanner
{
    /// <summary>Puts the plan together.</summary>
    /// <param name="set">The part of the backup that goes into a database; <see langword="null"/> without one.</param>
    /// <param name="target">What that database holds.</param>
    /// <param name="buckets">The buckets that objects are put into.</param>
    /// <param name="leavesOut">Whether what the target's server cannot make is left out.</param>
    public static RestorePlan MakePlan(
        RestoreSet? set, TargetInspection? target, IReadOnlyList<PlannedBucket> buckets, bool leavesOut = false) => new()
    {
        Objects = set is null ? [] : [.. PlanObjects(set, target!)],
        Tables =
        [
            .. (set?.Tables ?? [])
                .Select(table => new PlannedTable(table.Schema, table.Name, table.Pages, table.Rows, table.RawBytes))
                .OrderBy(table => table.Schema, StringComparer.Ordinal)
                .ThenBy(table => table.Name, StringComparer.Ordinal),
        ],
        Buckets = buckets,
        Roles = [.. (set?.Server.Roles?.Roles ?? []).Select(role => role.Name).Where(role => !target!.Server.Roles.Contains(role))],
        DatabaseSettings = set is null ? [] : [.. set.Server.StatementsFor(target!.Server.Database).Select(item => $"{item.Kind} {item.Subject}")],
        LeftOut = set?.LeftOut ?? [],
        Unsupported = set?.Unsupported ?? [],
        Obstacles =
        [
            .. set is { Unsupported.Count: > 0 } && !leavesOut ? [Describe(set.Unsupported)] : Array.Empty<string>(),
            .. target?.Obstacles ?? [],
        ],
    };

    /// <summary>Refuses a restore that something stands in the way of.</summary>
    /// <exception cref="RestoreException">The plan has obstacles.</exception>
    public static void ThrowIfRefused(RestorePlan plan, string target)
    {
        if (plan.Obstacles.Count > 0)
        {
            throw new RestoreException($"{string.Join(" ", plan.Obstacles)} Nothing was changed.")
            {
                Subject = target,
                Stage = "Restore",
            };
        }
    }

    private static string Describe(IReadOnlyList<LeftOutObject> unsupported)
    {
        const int Named = 20;
        var names = unsupported.Take(Named).Select(item => $"{item.Kind} {item.Name} ({item.Reason.TrimEnd('.')})");
        var more = unsupported.Count > Named ? $"; and {unsupported.Count - Named} more" : "";
        return $"The target's server cannot make {unsupported.Count} of the backup's objects: {string.Join("; ", names)}{more}. "
            + "Restore into a server that can, or allow a restore without them.";
    }

    private static IEnumerable<PlannedObject> PlanObjects(RestoreSet set, TargetInspection target) => set.Objects
        .Where(entry => target.IsMade(entry, set))
        .Select(entry => new PlannedObject(entry.Kind, RestoreNames.Of(entry), target.Existing.Contains(entry.Id)));
}
