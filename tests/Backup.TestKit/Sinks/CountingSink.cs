using Backup.Core.Sinks;

namespace Backup.TestKit.Sinks;

/// <summary>Hands all calls on to another sink, and tells before each write how many bytes have been written so far.</summary>
/// <param name="inner">The sink behind.</param>
/// <param name="onWrite">Told the bytes of all objects together; from one write at a time.</param>
public sealed class CountingSink(IBackupSink inner, Action<long> onWrite) : IBackupSink
{
    private readonly Lock _lock = new();
    private long _bytes;

    public SinkCapabilities Capabilities => inner.Capabilities;

    public async ValueTask<SinkWriter> CreateAsync(string name, CancellationToken cancellationToken = default) =>
        new Writer(this, await inner.CreateAsync(name, cancellationToken));

    public ValueTask<Stream> OpenReadAsync(
        string name, long offset = 0, long? length = null, CancellationToken cancellationToken = default) =>
        inner.OpenReadAsync(name, offset, length, cancellationToken);

    public IAsyncEnumerable<SinkObject> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
        inner.ListAsync(prefix, cancellationToken);

    public ValueTask DeleteAsync(string name, CancellationToken cancellationToken = default) =>
        inner.DeleteAsync(name, cancellationToken);

    private void Add(int bytes)
    {
        lock (_lock)
        {
            onWrite(_bytes);
            _bytes += bytes;
        }
    }

    private sealed class Writer(CountingSink sink, SinkWriter inner) : SinkWriter
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            sink.Add(buffer.Length);
            return inner.WriteAsync(buffer, cancellationToken);
        }

        public override ValueTask CommitAsync(CancellationToken cancellationToken = default) => inner.CommitAsync(cancellationToken);

        public override ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
