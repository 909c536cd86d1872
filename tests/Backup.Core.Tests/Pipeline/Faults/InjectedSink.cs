using System.Runtime.CompilerServices;
using Backup.Core.Sinks;
using Backup.TestKit.Streams;

namespace Backup.Core.Tests.Pipeline.Faults;

/// <summary>A sink whose calls fail as an injector says. What it keeps is in the sink behind it.</summary>
internal sealed class InjectedSink(IBackupSink inner, FaultInjector faults) : IBackupSink
{
    public SinkCapabilities Capabilities => inner.Capabilities;

    public ValueTask<SinkWriter> CreateAsync(string name, CancellationToken cancellationToken = default) =>
        CallAsync<SinkWriter>(FaultCall.CreateFile, name, async kind =>
        {
            var writer = await inner.CreateAsync(name, cancellationToken);
            if (kind == FaultKind.AnswerLost)
            {
                await writer.DisposeAsync();
            }

            return new Writer(this, name, writer);
        }, cancellationToken);

    public ValueTask<Stream> OpenReadAsync(
        string name, long offset = 0, long? length = null, CancellationToken cancellationToken = default) =>
        CallAsync<Stream>(FaultCall.OpenFile, name, async _ => new Reading(await inner.OpenReadAsync(name, offset, length, cancellationToken), this, name), cancellationToken);

    public async IAsyncEnumerable<SinkObject> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await CallAsync(FaultCall.ListFiles, prefix, ValueTask.FromResult, cancellationToken);
        await foreach (var item in inner.ListAsync(prefix, cancellationToken))
        {
            yield return item;
        }
    }

    public async ValueTask DeleteAsync(string name, CancellationToken cancellationToken = default) =>
        await CallAsync(FaultCall.DeleteFile, name, async _ =>
        {
            await inner.DeleteAsync(name, cancellationToken);
            return true;
        }, cancellationToken);

    // The id of a backup differs from run to run.
    private ValueTask<T> CallAsync<T>(FaultCall call, string name, Func<FaultKind, ValueTask<T>> body, CancellationToken cancellationToken) =>
        faults.CallAsync(call, name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..], "", body, cancellationToken);

    private sealed class Writer(InjectedSink sink, string name, SinkWriter inner) : SinkWriter
    {
        private bool _isCommitted;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            await sink.CallAsync(FaultCall.WriteFile, name, async _ =>
            {
                await inner.WriteAsync(buffer, cancellationToken);
                return true;
            }, cancellationToken);

        public override async ValueTask CommitAsync(CancellationToken cancellationToken = default) =>
            await sink.CallAsync(FaultCall.CommitFile, name, async _ =>
            {
                await inner.CommitAsync(cancellationToken);
                return _isCommitted = true;
            }, cancellationToken);

        /// <summary>Aborts. A fault is kept but not thrown: disposing never throws for a failed abort.</summary>
        public override async ValueTask DisposeAsync()
        {
            if (!_isCommitted)
            {
                await Record.ExceptionAsync(async () => await sink.CallAsync(FaultCall.AbortFile, name, ValueTask.FromResult, CancellationToken.None));
            }

            await inner.DisposeAsync();
        }
    }

    private sealed class Reading(Stream inner, InjectedSink sink, string name) : HostileStream(inner)
    {
        public override int Read(Span<byte> buffer) => Inner.Read(buffer);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            sink.CallAsync(FaultCall.ReadFile, name, kind =>
                Inner.ReadAsync(kind == FaultKind.Short ? buffer[..((buffer.Length + 2) / 3)] : buffer, cancellationToken), cancellationToken);
    }
}
