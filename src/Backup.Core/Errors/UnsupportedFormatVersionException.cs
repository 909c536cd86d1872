namespace Backup.Core.Errors;

/// <summary>A backup was written in a newer major version of the format than this library reads.</summary>
public sealed class UnsupportedFormatVersionException : ArchiveFormatException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which backup it is, its version and the newest version that is read.</param>
    public UnsupportedFormatVersionException(string message)
        : base(message)
    {
    }

    private protected override ErrorCategory ImpliedCategory => ErrorCategory.Refused;
}
