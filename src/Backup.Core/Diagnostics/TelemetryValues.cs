namespace Backup.Core.Diagnostics;

/// <summary>The values of attributes that several areas set.</summary>
internal static class TelemetryValues
{
    /// <summary>The operation that makes a backup.</summary>
    public const string Backup = "backup";

    /// <summary>The operation that brings one back.</summary>
    public const string Restore = "restore";

    /// <summary>The operation that checks one.</summary>
    public const string Verify = "verify";

    /// <summary>The operation that makes a backup of several.</summary>
    public const string Merge = "merge";

    /// <summary>Bytes came from somewhere.</summary>
    public const string Read = "read";

    /// <summary>Bytes went somewhere.</summary>
    public const string Write = "write";

    /// <summary>The lane of rows.</summary>
    public const string Database = "database";

    /// <summary>The lane of objects.</summary>
    public const string Storage = "storage";

    /// <summary>A database connection was opened again.</summary>
    public const string Connection = "connection";

    /// <summary>A page of rows was read again.</summary>
    public const string Page = "page";

    /// <summary>A table was left out.</summary>
    public const string Table = "table";

    /// <summary>An object was tried again, or left out.</summary>
    public const string StoredObject = "object";

    /// <summary>A call of the sink was made again.</summary>
    public const string Sink = "sink";

    /// <summary>The outcome of an operation that did all it was asked for.</summary>
    public const string Complete = "complete";

    /// <summary>The outcome of an operation that left something out.</summary>
    public const string CompletedWithFailures = "completed_with_failures";

    /// <summary>The outcome of a backup that its time budget ended, to be resumed.</summary>
    public const string Suspended = "suspended";

    /// <summary>The outcome of a verification that found nothing wrong.</summary>
    public const string Intact = "intact";

    /// <summary>The outcome of a verification that found something wrong.</summary>
    public const string Damaged = "damaged";

    /// <summary>The outcome of an operation that an exception ended.</summary>
    public const string Failed = "failed";

    /// <summary>The outcome of an operation that the caller ended.</summary>
    public const string Cancelled = "cancelled";
}
