namespace Backup.TestKit.Sinks;

/// <summary>The kinds of calls that a sink takes, so that a test can let one of them fail.</summary>
public enum SinkOperation
{
    /// <summary>CreateAsync.</summary>
    Create,

    /// <summary>WriteAsync of a writer.</summary>
    Write,

    /// <summary>CommitAsync of a writer.</summary>
    Commit,

    /// <summary>Disposing a writer that has not committed.</summary>
    Abort,

    /// <summary>OpenReadAsync.</summary>
    Open,

    /// <summary>A read from an opened stream.</summary>
    Read,

    /// <summary>ListAsync.</summary>
    List,

    /// <summary>DeleteAsync.</summary>
    Delete,
}
