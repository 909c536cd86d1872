using Backup.Core.Sinks;

namespace Backup.Core.Pipeline.Incremental;

/// <summary>A sink that can be read like the one behind it, and into which everything written vanishes: nothing there is made, changed or deleted.</summary>
/// <param name="inner">The sink to read.</param>
internal sealed class PreviewSink(IBackupSink inner) : IBackupSink
{
    /// <inheritdoc/>
    public SinkCapabilities Capabilities { get; } = inner.Capabilities with { IsDurable = false, IsInMemory = false, MaxObjectBytes = null };

    /// <inheritdoc/>
    public ValueTask<SinkWriter> CreateAsync(string name, CancellationToken cancellationToken = default) => new(new Writer());

    /// <inheritdoc/>
    public ValueTask<Stream> OpenReadAsync(string name, long offset = 0, long? length = null, CancellationToken cancellationToken = default) =>
        inner.OpenReadAsync(name, offset, length, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<SinkObject> ListAsync(string prefix, CancellationToken cancellationToken = default) => inner.ListAsync(prefix, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string name, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    private sealed class Writer : SinkWriter
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public override ValueTask CommitAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
