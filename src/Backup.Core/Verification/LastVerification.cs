using Backup.Core.Archives;

namespace Backup.Core.Verification;

/// <summary>How a verification ended.</summary>
/// <param name="Backup">The backup that was verified.</param>
/// <param name="IsIntact">Whether nothing was wrong.</param>
/// <param name="EndedAt">When it ended.</param>
public sealed record LastVerification(BackupId Backup, bool IsIntact, DateTimeOffset EndedAt);
