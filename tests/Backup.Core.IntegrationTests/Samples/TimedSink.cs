using Backup.Core.Sinks;

namespace Backup.Core.IntegrationTests.Samples;

/// <summary>Hands all calls on to another sink, and tells when a volume has been kept: what time that takes is the test's affair.</summary>
internal sealed class TimedSink(IBackupSink inner, Action onVolume) : IBackupSink
{
    public SinkCapabilities Capabilities => inner.Capabilities;

    public async ValueTask<SinkWriter> CreateAsync(string name, CancellationToken cancellationToken = default) =>
        new Writer(await inner.CreateAsync(name, cancellationToken), name.EndsWith(".zip", StringComparison.Ordinal) ? onVolume : null);

    public ValueTask<Stream> OpenReadAsync(
        string name, long offset = 0, long? length = null, CancellationToken cancellationToken = default) =>
        inner.OpenReadAsync(name, offset, length, cancellationToken);

    public IAsyncEnumerable<SinkObject> ListAsync(string prefix, CancellationToken cancellationToken = default) => inner.ListAsync(prefix, cancellationToken);

    public ValueTask DeleteAsync(string name, CancellationToken cancellationToken = default) => inner.DeleteAsync(name, cancellationToken);

    private sealed class Writer(SinkWriter inner, Action? onCommit) : SinkWriter
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.WriteAsync(buffer, cancellationToken);

        public override async ValueTask CommitAsync(CancellationToken cancellationToken = default)
        {
            await inner.CommitAsync(cancellationToken);
            onCommit?.Invoke();
        }

        public override ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
