namespace Backup.Core.Errors;

/// <summary>
/// The backup that an incremental one was to build on cannot serve: it is of another source, incomplete, damaged or about to be
/// removed, something of what it references is, or its chain is as long as is allowed.
/// </summary>
public sealed class ParentException : BackupException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which backup, and what stands in the way.</param>
    /// <param name="innerException">The cause, or <see langword="null"/>.</param>
    public ParentException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
