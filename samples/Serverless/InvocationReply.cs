using Backup.Core.Archives;
using Backup.Core.Pipeline;

namespace Serverless;

/// <summary>How an invocation ended.</summary>
/// <param name="Run">The run that it began or resumed; none when another invocation was at work.</param>
/// <param name="Outcome">How that ended; none when another invocation was at work.</param>
/// <param name="Message">The same for people.</param>
public sealed record InvocationReply(BackupId? Run, BackupOutcome? Outcome, string Message)
{
    /// <summary>Whether there is a backup now: otherwise the platform is to invoke the function again.</summary>
    public bool IsDone => Outcome is BackupOutcome.Complete or BackupOutcome.CompletedWithFailures;
}
