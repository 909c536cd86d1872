namespace Backup.Core.Tests.Pipeline.Faults;

/// <summary>How a part of a run ended. There is nothing else.</summary>
internal enum FaultOutcome
{
    /// <summary>The backup holds everything.</summary>
    Complete,

    /// <summary>The backup holds everything but what it names.</summary>
    NamedFailures,

    /// <summary>There is no backup yet: the time budget was over.</summary>
    Suspended,

    /// <summary>There is no backup, for a reason that was told.</summary>
    Failed,

    /// <summary>There is no backup, as the caller wished.</summary>
    Cancelled,
}
