using Backup.TestKit.Streams;

namespace Backup.TestKit.Sinks;

/// <summary>The stream that a <see cref="FaultySink"/> opens.</summary>
internal sealed class FaultySinkReadStream(FaultySink sink, string name, Stream inner) : HostileStream(inner)
{
    public override int Read(Span<byte> buffer)
    {
        var after = sink.Enter(SinkOperation.Read, name);
        var bytes = Inner.Read(buffer);
        return after is null ? bytes : throw after;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var after = sink.Enter(SinkOperation.Read, name);
        var bytes = await Inner.ReadAsync(buffer, cancellationToken);
        return after is null ? bytes : throw after;
    }
}
