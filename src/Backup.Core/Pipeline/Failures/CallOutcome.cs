namespace Backup.Core.Pipeline.Failures;

/// <summary>How a bounded call ended.</summary>
[Flags]
internal enum CallOutcome
{
    /// <summary>By itself, well or not.</summary>
    Ended = 0,

    /// <summary>Its time was over.</summary>
    TimedOut = 1,

    /// <summary>The caller cancelled it.</summary>
    Cancelled = 2,

    /// <summary>Besides: it did not end, and goes on behind everybody's back.</summary>
    LeftBehind = 4,
}
