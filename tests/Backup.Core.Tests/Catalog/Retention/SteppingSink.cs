using System.Runtime.CompilerServices;
using Backup.Core.Sinks;

namespace Backup.Core.Tests.Catalog.Retention;

/// <summary>Hands calls on to another sink and lets something else happen between two of them. For one caller.</summary>
/// <param name="inner">The sink behind.</param>
/// <param name="before">Told the number of each call, from 1, before it is made.</param>
internal sealed class SteppingSink(IBackupSink inner, Func<int, Task> before) : IBackupSink
{
    public int Calls { get; private set; }

    public SinkCapabilities Capabilities => inner.Capabilities;

    public async ValueTask<SinkWriter> CreateAsync(string name, CancellationToken cancellationToken = default)
    {
        await before(++Calls);
        return new Writer(this, await inner.CreateAsync(name, cancellationToken));
    }

    public async ValueTask<Stream> OpenReadAsync(
        string name, long offset = 0, long? length = null, CancellationToken cancellationToken = default)
    {
        await before(++Calls);
        return await inner.OpenReadAsync(name, offset, length, cancellationToken);
    }

    public async IAsyncEnumerable<SinkObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await before(++Calls);
        await foreach (var item in inner.ListAsync(prefix, cancellationToken))
        {
            yield return item;
        }
    }

    public async ValueTask DeleteAsync(string name, CancellationToken cancellationToken = default)
    {
        await before(++Calls);
        await inner.DeleteAsync(name, cancellationToken);
    }

    private sealed class Writer(SteppingSink sink, SinkWriter inner) : SinkWriter
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.WriteAsync(buffer, cancellationToken);

        public override async ValueTask CommitAsync(CancellationToken cancellationToken = default)
        {
            await sink.StepAsync();
            await inner.CommitAsync(cancellationToken);
        }

        public override ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private Task StepAsync() => before(++Calls);
}
