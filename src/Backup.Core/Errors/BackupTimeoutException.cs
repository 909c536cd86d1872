namespace Backup.Core.Errors;

/// <summary>A run made no progress of any kind for longer than it may, or was given up from within.</summary>
public sealed class BackupTimeoutException : BackupException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was being done, and for how long nothing has moved.</param>
    /// <param name="innerException">The cause, or <see langword="null"/>.</param>
    public BackupTimeoutException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    private protected override ErrorCategory ImpliedCategory => ErrorCategory.TimeOut;
}
