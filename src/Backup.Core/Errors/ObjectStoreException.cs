namespace Backup.Core.Errors;

/// <summary>An object store refused a call or could not be reached: a missing bucket, a key without rights, a lost connection.</summary>
public sealed class ObjectStoreException : BackupException
{
    private const int Unauthorized = 401;

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What failed and on which bucket or object.</param>
    /// <param name="innerException">The cause, or <see langword="null"/>.</param>
    public ObjectStoreException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>What kind of refusal it is, whatever the store's own words.</summary>
    public ObjectStoreError Error { get; init; }

    /// <summary>The status that the store meant, which may differ from that of the HTTP response; <see langword="null"/> without an answer.</summary>
    public int? Status { get; init; }

    /// <summary>The store's own code, such as <c>NoSuchKey</c>; <see langword="null"/> when it gave none.</summary>
    public string? Code { get; init; }

    private protected override ErrorCategory ImpliedCategory => Error switch
    {
        ObjectStoreError.BucketNotFound or ObjectStoreError.ObjectNotFound => ErrorCategory.NotFound,
        ObjectStoreError.AlreadyExists or ObjectStoreError.Changed => ErrorCategory.Conflict,
        ObjectStoreError.AccessDenied when Status == Unauthorized => ErrorCategory.Authentication,
        ObjectStoreError.AccessDenied => ErrorCategory.Rights,
        ObjectStoreError.InvalidName or ObjectStoreError.TooLarge or ObjectStoreError.InvalidMediaType => ErrorCategory.Refused,
        ObjectStoreError.Unavailable when Status is null => ErrorCategory.Connection,
        ObjectStoreError.Unavailable => ErrorCategory.Unavailable,
        _ => ErrorCategory.Unknown,
    };
}
