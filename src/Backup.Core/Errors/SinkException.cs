namespace Backup.Core.Errors;

/// <summary>A sink could not store, read, list or delete an object: a full disk, missing rights, an unreachable host.</summary>
public sealed class SinkException : BackupException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What failed and on which object of the sink.</param>
    /// <param name="innerException">The cause, or <see langword="null"/>.</param>
    public SinkException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Whether the object that was asked for does not exist.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool IsNotFound { get; init; }

    /// <summary>Whether the object was refused because another one has its name: what bears the name is not the caller's.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool IsAlreadyExists { get; init; }

    private protected override ErrorCategory ImpliedCategory =>
        IsNotFound ? ErrorCategory.NotFound : IsAlreadyExists ? ErrorCategory.Conflict : ErrorCategory.Unknown;
}
