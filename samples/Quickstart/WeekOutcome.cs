using Backup.Core.Archives;

namespace Quickstart;

/// <summary>How the week ended.</summary>
/// <param name="Differences">What the restored Wednesday differs in from the one that was; nothing, if all is well.</param>
/// <param name="Kept">The backups that are left.</param>
internal sealed record WeekOutcome(IReadOnlyList<string> Differences, IReadOnlyList<BackupId> Kept);
