using Backup.Core.Sinks;

namespace Backup.TestKit.Sinks;

/// <summary>
/// A sink that counts bytes and keeps none, so that no disk and no memory is measured. Only the leases, by which a run knows that it is
/// alone, can be listed and read.
/// </summary>
public sealed class DiscardingSink : IBackupSink
{
    private const string LeaseMark = "/lease-";

    private readonly InMemorySink _leases = new();
    private long _bytes;

    /// <summary>The bytes written so far, but for those of leases.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public SinkCapabilities Capabilities { get; } = new() { Location = "nowhere", IsDurable = false };

    public ValueTask<SinkWriter> CreateAsync(string name, CancellationToken cancellationToken = default) =>
        name.Contains(LeaseMark, StringComparison.Ordinal) ? _leases.CreateAsync(name, cancellationToken) : new(new Writer(this));

    public ValueTask<Stream> OpenReadAsync(
        string name, long offset = 0, long? length = null, CancellationToken cancellationToken = default) =>
        _leases.OpenReadAsync(name, offset, length, cancellationToken);

    public IAsyncEnumerable<SinkObject> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
        _leases.ListAsync(prefix, cancellationToken);

    public ValueTask DeleteAsync(string name, CancellationToken cancellationToken = default) => _leases.DeleteAsync(name, cancellationToken);

    private sealed class Writer(DiscardingSink sink) : SinkWriter
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Interlocked.Add(ref sink._bytes, buffer.Length);
            return ValueTask.CompletedTask;
        }

        public override ValueTask CommitAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
