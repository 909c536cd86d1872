namespace Backup.Core.Restore;

/// <summary>How a restore ended that did not end in an exception.</summary>
public enum RestoreOutcome
{
    /// <summary>Everything that was asked for is there.</summary>
    Complete,

    /// <summary>The run went to its end, but some items failed or could not be made by the target's server; each is named in
    /// <see cref="RestoreResult.Failures"/> or <see cref="RestorePlan.Unsupported"/>.</summary>
    CompletedWithFailures,

    /// <summary>It was a dry run: nothing was changed.</summary>
    Planned,
}
