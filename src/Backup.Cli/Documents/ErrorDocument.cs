namespace Backup.Cli.Documents;

/// <summary>The document of a command that did not get to its end.</summary>
internal sealed record ErrorDocument : CommandDocument
{
    /// <summary>Why.</summary>
    public required ErrorSection Error { get; init; }
}

/// <summary>What went wrong.</summary>
internal sealed record ErrorSection
{
    /// <summary>The sort of error: <c>database</c>, <c>sink</c>, <c>archiveFormat</c>, <c>backupNotFound</c>, <c>restore</c>, <c>usage</c>, …</summary>
    public required string Kind { get; init; }

    /// <summary>What kind of trouble it is, whatever its sort: <c>connection</c>, <c>rights</c>, <c>timeOut</c>, <c>space</c>, …</summary>
    public string? Category { get; init; }

    /// <summary>What failed, in one sentence.</summary>
    public required string Message { get; init; }

    /// <summary>The table, file or backup that it is about.</summary>
    public string? Subject { get; init; }

    /// <summary>What to do about it.</summary>
    public string? Hint { get; init; }

    /// <summary>The server's SQLSTATE.</summary>
    public string? SqlState { get; init; }

    /// <summary>Whether the same command may succeed later.</summary>
    public required bool Transient { get; init; }
}
