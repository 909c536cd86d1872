namespace Backup.Core.Tests.Pipeline.Faults;

/// <summary>What becomes of a call.</summary>
internal enum FaultKind
{
    /// <summary>It does its work.</summary>
    None,

    /// <summary>It does its work later than others that began after it.</summary>
    Slow,

    /// <summary>It gives fewer bytes than were asked for.</summary>
    Short,

    /// <summary>It fails for good, before anything was done.</summary>
    Refused,

    /// <summary>It fails for a passing reason, before anything was done.</summary>
    Busy,

    /// <summary>It fails with an exception that its contract does not know.</summary>
    Foreign,

    /// <summary>It does its work, and then says that it failed: the answer was lost.</summary>
    AnswerLost,

    /// <summary>It fails, and with it the reader's connection.</summary>
    ConnectionLost,

    /// <summary>It fails, and with it the snapshot.</summary>
    SnapshotLost,

    /// <summary>The listing gives an object twice.</summary>
    Twice,

    /// <summary>The listing leaves an object out.</summary>
    LeftOut,

    /// <summary>Another version of the object takes its place in the store just before.</summary>
    Replaced,

    /// <summary>The object is removed from the store just before.</summary>
    Removed,

    /// <summary>The answer says another size.</summary>
    OtherSize,

    /// <summary>The answer has another ETag.</summary>
    OtherETag,

    /// <summary>The answer has no ETag.</summary>
    NoETag,

    /// <summary>The bytes end early, as if that were all.</summary>
    EndsEarly,

    /// <summary>More bytes come than the answer said.</summary>
    Surplus,

    /// <summary>It does not end until it is cancelled.</summary>
    Hangs,

    /// <summary>It does not end, and does not heed its cancellation.</summary>
    HangsDeaf,
}
