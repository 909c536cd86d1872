namespace Backup.Core.Pipeline.Failures;

/// <summary>What became of a bounded call.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Call">The call itself; still running where it was left behind.</param>
internal readonly record struct CallEnd<T>(CallOutcome Outcome, Task<T> Call)
{
    /// <summary>Whether the call still runs.</summary>
    public bool IsLeftBehind => Outcome.HasFlag(CallOutcome.LeftBehind);
}
