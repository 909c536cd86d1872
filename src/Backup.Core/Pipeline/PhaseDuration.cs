namespace Backup.Core.Pipeline;

/// <summary>How long a run was in one phase.</summary>
/// <param name="Phase">The phase.</param>
/// <param name="Duration">How long.</param>
public sealed record PhaseDuration(BackupPhase Phase, TimeSpan Duration);
