namespace Backup.Core.Errors;

/// <summary>
/// A prune removes nothing, or nothing more: a manifest cannot be read, so that nobody can say what is needed, or another prune is going on.
/// </summary>
public sealed class PruneException : BackupException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What stands in the way.</param>
    /// <param name="innerException">The cause, or <see langword="null"/>.</param>
    public PruneException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
