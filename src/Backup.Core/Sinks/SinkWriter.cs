using Backup.Core.Errors;

namespace Backup.Core.Sinks;

/// <summary>Writes one object of a sink, front to back, and then publishes it whole.</summary>
/// <remarks>Used by one caller at a time. Disposing it before <see cref="CommitAsync"/> aborts: no trace of the object stays.</remarks>
public abstract class SinkWriter : IAsyncDisposable
{
    /// <summary>Appends bytes. The buffer may be reused as soon as the call returns.</summary>
    /// <param name="buffer">The bytes.</param>
    /// <param name="cancellationToken">Cancels the write; the writer must then be disposed.</param>
    /// <exception cref="SinkException">The medium refuses, for example because it is full. Where it is transient, and not for want of space,
    /// nothing of this call was taken, and the caller may make it again with the same bytes.</exception>
    public abstract ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default);

    /// <summary>Makes the object durable and visible, in this order. Called once, after the last write.</summary>
    /// <param name="cancellationToken">Cancels the call; whether the object is visible is then unknown.</param>
    /// <exception cref="SinkException">An object of this name exists (<see cref="SinkException.IsAlreadyExists"/>), or the
    /// medium refuses.</exception>
    public abstract ValueTask CommitAsync(CancellationToken cancellationToken = default);

    /// <summary>Aborts the object unless it was committed, and frees what the writer holds. Never throws for a failed abort.</summary>
    public abstract ValueTask DisposeAsync();
}
