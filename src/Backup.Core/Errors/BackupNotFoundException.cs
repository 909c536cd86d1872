namespace Backup.Core.Errors;

/// <summary>The sink holds no finished backup of that id, or none at all when the latest was asked for.</summary>
public sealed class BackupNotFoundException : BackupException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which id was looked for, and where.</param>
    /// <param name="innerException">The cause; <see langword="null"/> where there is none.</param>
    public BackupNotFoundException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    private protected override ErrorCategory ImpliedCategory => ErrorCategory.NotFound;
}
