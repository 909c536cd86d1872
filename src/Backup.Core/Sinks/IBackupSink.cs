using Backup.Core.Errors;

namespace Backup.Core.Sinks;

/// <summary>A place where backups are kept: a folder, a bucket. Holds immutable objects under slash-separated names.</summary>
/// <remarks>
/// <para>Obligations of an implementation:</para>
/// <list type="bullet">
/// <item>All members may be called from several threads at once, for different objects.</item>
/// <item>Names follow <see cref="SinkObjectName"/>; anything else is an <see cref="ArgumentException"/>.</item>
/// <item>An object appears whole, at <see cref="SinkWriter.CommitAsync"/>, or not at all: until then neither
/// <see cref="ListAsync"/> nor <see cref="OpenReadAsync"/> shows it.</item>
/// <item>An object that exists is never overwritten: committing a second one of the same name throws a
/// <see cref="SinkException"/> with <see cref="SinkException.IsAlreadyExists"/> set, and leaves the first as it was. The
/// property says that the first is someone else's, so it is never set for an object that this very writer made visible.</item>
/// <item>What has been committed survives a power cut, as far as <see cref="SinkCapabilities.IsDurable"/> says so.</item>
/// <item>Failures of the medium are <see cref="SinkException"/>s, with <see cref="BackupException.IsTransient"/> set where a
/// retry may help; cancellation is an <see cref="OperationCanceledException"/> with the caller's token.</item>
/// <item>A run makes a call again that failed so, unless it was a commit or a listing. A write is made again with the same bytes, on the same
/// writer: <see cref="BackupException.IsTransient"/> of a write says that nothing of that call was taken.</item>
/// <item>Calls heed their tokens. A run cancels one that takes longer than its settings allow, and goes on without it soon after.</item>
/// </list>
/// <para>The contract suite <c>BackupSinkContract</c> of the test kit checks all of this.</para>
/// </remarks>
public interface IBackupSink
{
    /// <summary>What this sink can do; constant over its lifetime.</summary>
    SinkCapabilities Capabilities { get; }

    /// <summary>Starts an object. Nothing is visible before the writer commits.</summary>
    /// <param name="name">The object's name, such as <c>20261122T031500Z-7f3a/volume-0001.zip</c>.</param>
    /// <param name="cancellationToken">Cancels the start; not the writes that follow.</param>
    /// <returns>The writer, which the caller disposes; disposing it before it committed aborts the object.</returns>
    /// <exception cref="SinkException">The object exists (<see cref="SinkException.IsAlreadyExists"/>), or the medium refuses it.</exception>
    ValueTask<SinkWriter> CreateAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Opens bytes of a committed object for reading, front to back.</summary>
    /// <param name="name">The object's name.</param>
    /// <param name="offset">The first byte, from 0; from beyond the object's end nothing is read.</param>
    /// <param name="length">How many bytes at the most; <see langword="null"/> reads to the end.</param>
    /// <param name="cancellationToken">Cancels the opening; not the reads that follow.</param>
    /// <returns>A stream that the caller disposes; it ends early when the object does.</returns>
    /// <exception cref="SinkException">There is no such object (<see cref="SinkException.IsNotFound"/>), or the medium fails.</exception>
    ValueTask<Stream> OpenReadAsync(
        string name, long offset = 0, long? length = null, CancellationToken cancellationToken = default);

    /// <summary>Lists the committed objects whose names begin with a prefix, in ordinal order of their names.</summary>
    /// <param name="prefix">A plain string prefix; empty lists everything.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    /// <returns>The objects; none where nothing matches.</returns>
    /// <exception cref="SinkException">The medium fails.</exception>
    IAsyncEnumerable<SinkObject> ListAsync(string prefix, CancellationToken cancellationToken = default);

    /// <summary>Deletes an object. Deleting what does not exist succeeds.</summary>
    /// <param name="name">The object's name.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="SinkException">The medium refuses.</exception>
    ValueTask DeleteAsync(string name, CancellationToken cancellationToken = default);
}
