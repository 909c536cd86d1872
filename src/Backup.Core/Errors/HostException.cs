namespace Backup.Core.Errors;

/// <summary>The host does not offer what is needed: no folder that can be written, too little space.</summary>
public sealed class HostException : BackupException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is needed, and what was tried.</param>
    /// <param name="innerException">The cause, or <see langword="null"/>.</param>
    public HostException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
