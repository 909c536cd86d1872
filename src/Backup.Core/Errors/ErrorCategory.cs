namespace Backup.Core.Errors;

/// <summary>What kind of trouble a failure is, whatever the area that it came from: for alerts, counts and decisions.</summary>
public enum ErrorCategory
{
    /// <summary>Nothing that is named below, or not known.</summary>
    Unknown,

    /// <summary>A server could not be reached, or a connection to it was lost.</summary>
    Connection,

    /// <summary>The other side does not know who calls: a wrong password or key, a certificate that is not accepted.</summary>
    Authentication,

    /// <summary>Who calls may not do that.</summary>
    Rights,

    /// <summary>Something took longer than it was allowed to.</summary>
    TimeOut,

    /// <summary>There is no room left: a full disk, a used-up quota, a full lock table.</summary>
    Space,

    /// <summary>What was read is damaged.</summary>
    Damaged,

    /// <summary>Someone else was at it: a lock, a name that is taken, an object that changed meanwhile.</summary>
    Conflict,

    /// <summary>What was asked for does not exist.</summary>
    NotFound,

    /// <summary>The other side does not take this, and will not later: too large, of a kind or version that is not supported.</summary>
    Refused,

    /// <summary>The other side is there and asks to come back later: too many connections or requests, starting up, shutting down.</summary>
    Unavailable,
}
