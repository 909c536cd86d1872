namespace Backup.Core.Errors;

/// <summary>A manifest, an index or a volume is damaged, incomplete, or not what the format allows.</summary>
/// <remarks>Every byte sequence that is not a valid archive ends in this exception, never in another one.</remarks>
public class ArchiveFormatException : BackupException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which file is damaged, where, and what was expected there.</param>
    /// <param name="innerException">The cause, or <see langword="null"/>.</param>
    public ArchiveFormatException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    private protected override ErrorCategory ImpliedCategory => ErrorCategory.Damaged;
}
