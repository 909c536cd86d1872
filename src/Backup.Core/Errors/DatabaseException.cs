namespace Backup.Core.Errors;

/// <summary>PostgreSQL could not be reached, refused a statement, or answered what the library cannot work with.</summary>
public sealed class DatabaseException : BackupException
{
    // The first two characters of a SQLSTATE are its class.
    private const int ClassLength = 2;

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What failed and on which object.</param>
    /// <param name="innerException">The driver's exception, or <see langword="null"/>.</param>
    public DatabaseException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>The five-character SQLSTATE that the server sent, or <see langword="null"/> when it sent none.</summary>
    /// <remarks>See <see href="https://www.postgresql.org/docs/current/errcodes-appendix.html"/>.</remarks>
    public string? SqlState { get; init; }

    private protected override ErrorCategory ImpliedCategory => SqlState switch
    {
        null => ErrorCategory.Unknown,
        "42501" => ErrorCategory.Rights,
        "57014" or "25P03" or "25P04" or "57P05" => ErrorCategory.TimeOut,
        "55P03" or "55006" => ErrorCategory.Conflict,
        "3D000" or "3F000" or "42P01" => ErrorCategory.NotFound,
        "53300" or "57P03" => ErrorCategory.Unavailable,
        "57P01" or "57P02" or "57P04" => ErrorCategory.Connection,
        "XX001" or "XX002" => ErrorCategory.Damaged,
        _ => SqlState[..Math.Min(ClassLength, SqlState.Length)] switch
        {
            "08" => ErrorCategory.Connection,
            "28" => ErrorCategory.Authentication,
            "40" => ErrorCategory.Conflict,
            "53" => ErrorCategory.Space,
            "0A" or "22" or "23" or "42" or "54" => ErrorCategory.Refused,
            _ => ErrorCategory.Unknown,
        },
    };
}
