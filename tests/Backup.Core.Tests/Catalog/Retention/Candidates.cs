using Backup.Core.Archives;
using Backup.Core.Catalog.Retention;

namespace Backup.Core.Tests.Catalog.Retention;

/// <summary>Makes what a prune knows of backups.</summary>
internal static class Candidates
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The id of the backup that was made some hours ago.</summary>
    public static BackupId Id(int hours) => BackupIdOf(Now - TimeSpan.FromHours(hours), hours);

    /// <summary>The backup that was made some hours ago.</summary>
    public static PruneCandidate Of(int hours, params int[] references) => new()
    {
        Id = Id(hours),
        Source = new BackupSource(null, "cinema", null, null),
        ShownAt = Now - TimeSpan.FromHours(hours),
        FinishedAt = Now - TimeSpan.FromHours(hours),
        IsComplete = true,
        References = [.. references.Select(Id)],
        Bytes = 1000,
    };

    /// <summary>What a prune finds where only these are.</summary>
    public static PruneSurvey Survey(params PruneCandidate[] candidates) => new()
    {
        Candidates = candidates,
        Needs = [],
        Marked = new HashSet<BackupId>(),
        Remains = [],
    };

    private static BackupId BackupIdOf(DateTimeOffset time, int number) =>
        new($"{time.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-{number & 0xffff:x4}");
}
