using Backup.Core.Sinks;

namespace Backup.TestKit.Sinks;

/// <summary>A sink that counts bytes and keeps none, so that no disk and no memory is measured. What was written cannot be read.</summary>
public sealed class DiscardingSink : IBackupSink
{
    private long _bytes;

    /// <summary>The bytes written so far.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public SinkCapabilities Capabilities { get; } = new() { Location = "nowhere", IsDurable = false };

    public ValueTask<SinkWriter> CreateAsync(string name, CancellationToken cancellationToken = default) => new(new Writer(this));

    public ValueTask<Stream> OpenReadAsync(
        string name, long offset = 0, long? length = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("What was discarded cannot be read.");

    public IAsyncEnumerable<SinkObject> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
        AsyncEnumerable.Empty<SinkObject>();

    public ValueTask DeleteAsync(string name, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

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
