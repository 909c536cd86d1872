using Backup.Core.Errors;

namespace Backup.Core.ObjectStores;

/// <summary>A place where buckets of objects live: the source of the storage lane, and the target of its restore.</summary>
/// <remarks>
/// <para>Obligations of an implementation:</para>
/// <list type="bullet">
/// <item>All members may be called from several threads at once.</item>
/// <item>A listing is complete or it throws: a missing bucket, a key without rights and a failed page are
/// <see cref="ObjectStoreException"/>s, never an empty or a shorter listing. No object is listed twice.</item>
/// <item>Contents are streamed; no object is ever held whole, whatever its size.</item>
/// <item>Failures are <see cref="ObjectStoreException"/>s with <see cref="ObjectStoreException.Error"/> set and
/// <see cref="BackupException.IsTransient"/> true where the same call may succeed later; retries that the store itself makes
/// are over by then. Cancellation is an <see cref="OperationCanceledException"/> with the caller's token.</item>
/// </list>
/// <para>The contract suite <c>ObjectStoreContract</c> of the test kit checks all of this.</para>
/// </remarks>
public interface IObjectStore
{
    /// <summary>What this store can do; constant over its lifetime.</summary>
    ObjectStoreCapabilities Capabilities { get; }

    /// <summary>Lists all buckets, in ordinal order of their ids.</summary>
    /// <param name="cancellationToken">Cancels the listing.</param>
    /// <returns>The buckets with their settings.</returns>
    /// <exception cref="ObjectStoreException">The store refuses or cannot be reached.</exception>
    IAsyncEnumerable<BucketInfo> ListBucketsAsync(CancellationToken cancellationToken = default);

    /// <summary>Lists the objects of a bucket, in the order of their names' UTF-8 bytes.</summary>
    /// <param name="bucket">The bucket's id.</param>
    /// <param name="prefix">A plain, case-sensitive prefix of the names; empty lists all.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    /// <returns>The objects.</returns>
    /// <exception cref="ObjectStoreException">There is no such bucket, or the listing cannot be completed.</exception>
    IAsyncEnumerable<StoredObject> ListObjectsAsync(
        string bucket, string prefix = "", CancellationToken cancellationToken = default);

    /// <summary>Reads what the store knows of one object, user metadata included.</summary>
    /// <param name="bucket">The bucket's id.</param>
    /// <param name="name">The object's name.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The object, or <see langword="null"/> when there is none of that name.</returns>
    /// <exception cref="ObjectStoreException">The store refuses or cannot be reached.</exception>
    ValueTask<StoredObject?> FindObjectAsync(string bucket, string name, CancellationToken cancellationToken = default);

    /// <summary>Opens an object's bytes.</summary>
    /// <param name="bucket">The bucket's id.</param>
    /// <param name="name">The object's name.</param>
    /// <param name="offset">The first byte, below the object's size unless both are 0.</param>
    /// <param name="cancellationToken">Cancels the opening; not the reads that follow.</param>
    /// <returns>The content, which the caller disposes. Its stream throws when the transfer breaks off; it never ends early.</returns>
    /// <exception cref="ObjectStoreException">The object cannot be read.</exception>
    ValueTask<ObjectContent> OpenReadAsync(
        string bucket, string name, long offset = 0, CancellationToken cancellationToken = default);

    /// <summary>Stores an object, streaming its content.</summary>
    /// <param name="upload">The object, its content and its properties.</param>
    /// <param name="cancellationToken">Cancels the upload; whether the object was stored is then unknown.</param>
    /// <exception cref="ObjectStoreException">The store refuses the object, or has one of that name and may not overwrite it.</exception>
    ValueTask PutAsync(ObjectUpload upload, CancellationToken cancellationToken = default);

    /// <summary>Creates a bucket with its settings.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ObjectStoreException">The bucket exists, or the store refuses its name or settings.</exception>
    ValueTask CreateBucketAsync(BucketInfo bucket, CancellationToken cancellationToken = default);
}
