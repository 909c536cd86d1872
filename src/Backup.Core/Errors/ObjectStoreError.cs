namespace Backup.Core.Errors;

/// <summary>The refusals of an object store that callers treat differently.</summary>
public enum ObjectStoreError
{
    /// <summary>Anything not named below.</summary>
    Other,

    /// <summary>There is no such bucket.</summary>
    BucketNotFound,

    /// <summary>There is no such object, or its bytes are gone.</summary>
    ObjectNotFound,

    /// <summary>The bucket or object exists already.</summary>
    AlreadyExists,

    /// <summary>The key is wrong, has expired or lacks the right.</summary>
    AccessDenied,

    /// <summary>The store takes no object of this name.</summary>
    InvalidName,

    /// <summary>The object is larger than the bucket or the store allows.</summary>
    TooLarge,

    /// <summary>The bucket does not take this media type.</summary>
    InvalidMediaType,

    /// <summary>The store asks for fewer requests, is down or was too slow; a retry may help.</summary>
    Unavailable,

    /// <summary>The object is no longer the one that was listed or that the transfer began with.</summary>
    Changed,
}
