using Backup.Core.Sinks;

namespace Backup.TestKit.Sinks;

/// <summary>Hands all calls on to another sink, and says that its objects cannot be larger than a limit.</summary>
public sealed class SmallObjectSink(IBackupSink inner, long maxObjectBytes) : IBackupSink
{
    public SinkCapabilities Capabilities { get; } = inner.Capabilities with { MaxObjectBytes = maxObjectBytes };

    public ValueTask<SinkWriter> CreateAsync(string name, CancellationToken cancellationToken = default) =>
        inner.CreateAsync(name, cancellationToken);

    public ValueTask<Stream> OpenReadAsync(
        string name, long offset = 0, long? length = null, CancellationToken cancellationToken = default) =>
        inner.OpenReadAsync(name, offset, length, cancellationToken);

    public IAsyncEnumerable<SinkObject> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
        inner.ListAsync(prefix, cancellationToken);

    public ValueTask DeleteAsync(string name, CancellationToken cancellationToken = default) =>
        inner.DeleteAsync(name, cancellationToken);
}
