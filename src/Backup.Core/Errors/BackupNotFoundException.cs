namespace Backup.Core.Errors;

/// <summary>The sink holds no finished backup of that id, or none at all when the latest was asked for.</summary>
public sealed class BackupNotFoundException : BackupException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which id was looked for, and where.</param>
    public BackupNotFoundException(string message)
        : base(message)
    {
    }

    private protected override ErrorCategory ImpliedCategory => ErrorCategory.NotFound;
}
