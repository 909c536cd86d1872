namespace Backup.Core.Errors;

/// <summary>
/// A run cannot be taken up again, or may not go on: it is finished or unknown, its request differs, someone else has it, or what
/// it left is not there any more.
/// </summary>
public sealed class ResumeException : BackupException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which run, and what stands in the way.</param>
    /// <param name="innerException">The cause, or <see langword="null"/>.</param>
    public ResumeException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
