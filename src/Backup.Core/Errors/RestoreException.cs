namespace Backup.Core.Errors;

/// <summary>A restore was refused before it changed anything, or stopped at a statement that the target did not take.</summary>
public sealed class RestoreException : BackupException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which object could not be restored and why.</param>
    /// <param name="innerException">The cause, or <see langword="null"/>.</param>
    public RestoreException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>The statement that the target refused, or <see langword="null"/> when none was sent.</summary>
    public string? Statement { get; init; }

    private protected override ErrorCategory ImpliedCategory => (InnerException as BackupException)?.Category ?? ErrorCategory.Unknown;
}
