namespace Backup.Core.Pipeline;

/// <summary>What a run tries again when it failed for a passing reason.</summary>
internal enum RetryKind
{
    /// <summary>The opening of a database connection.</summary>
    Connection,

    /// <summary>The reading of a page of rows.</summary>
    Page,

    /// <summary>The download of an object.</summary>
    StoredObject,

    /// <summary>A call of the sink.</summary>
    Sink,
}
