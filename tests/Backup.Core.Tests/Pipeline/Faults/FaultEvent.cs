namespace Backup.Core.Tests.Pipeline.Faults;

/// <summary>What befalls a whole run at one of its calls.</summary>
internal enum FaultEvent
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The caller cancels.</summary>
    Cancel,

    /// <summary>The process dies: no further call does anything.</summary>
    Death,

    /// <summary>The sink is gone for good.</summary>
    SinkLost,

    /// <summary>The time budget is over: nothing new is begun.</summary>
    Deadline,

    /// <summary>The time budget is so long over that what is in flight is dropped.</summary>
    LateDeadline,
}
