namespace Backup.Core.Errors;

/// <summary>A worker that copies a part of a backup could not be started, ended before its time, or answered what it should not.</summary>
public sealed class WorkerException : BackupException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which worker, and what it did.</param>
    /// <param name="innerException">The cause, or <see langword="null"/>.</param>
    public WorkerException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
