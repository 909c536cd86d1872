using Backup.Core.Archives;

namespace Backup.Core.Catalog.Retention;

/// <summary>A run that has not finished, and a backup that it builds on.</summary>
/// <param name="Run">The run.</param>
/// <param name="Backup">The backup.</param>
internal readonly record struct RunNeed(BackupId Run, BackupId Backup);
