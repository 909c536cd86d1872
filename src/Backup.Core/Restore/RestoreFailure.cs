namespace Backup.Core.Restore;

/// <summary>One item that a restore could not bring back.</summary>
public sealed record RestoreFailure
{
    /// <summary>
    /// PostgreSQL's word for the kind: <c>TABLE DATA</c>, <c>FK CONSTRAINT</c>, <c>INDEX</c>. On the side of the object store:
    /// <c>OBJECT</c>, <c>BUCKET</c>, and <c>STORAGE</c> for all of it. Of roles and the database itself, words such as <c>ROLE</c>,
    /// <c>ROLE MEMBERSHIP</c> and <c>DATABASE SETTING</c>.
    /// </summary>
    public required string Kind { get; init; }

    /// <summary>The item's qualified name; a stored object's is <c>bucket/name</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>Why, in one or two sentences.</summary>
    public required string Reason { get; init; }

    /// <summary>The statement that failed; <see langword="null"/> when none was sent.</summary>
    public string? Statement { get; init; }

    /// <summary>The server's SQLSTATE; <see langword="null"/> when the server sent none.</summary>
    public string? SqlState { get; init; }

    /// <summary>What can be done about it; <see langword="null"/> when there is nothing to advise.</summary>
    public string? Hint { get; init; }
}
