namespace Backup.Core.Errors;

/// <summary>PostgreSQL could not be reached, refused a statement, or answered what the library cannot work with.</summary>
public sealed class DatabaseException : BackupException
{
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
}
