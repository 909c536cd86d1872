using System.Runtime.CompilerServices;
using Backup.Core.Sinks;

namespace Backup.TestKit.Sinks;

/// <summary>Hands calls on to another sink and lets those of one kind hang, until their token ends them or <see cref="Release"/> lets them go on.</summary>
/// <param name="inner">The sink behind.</param>
/// <param name="operation">The kind of calls that hang.</param>
/// <param name="heedsToken">Whether the token of a call ends it; otherwise nothing but <see cref="Release"/> does.</param>
/// <param name="nameSuffix">How the names of the objects end whose calls hang.</param>
public sealed class HangingSink(IBackupSink inner, SinkOperation operation, bool heedsToken, string nameSuffix = "") : IBackupSink
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _hangs = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting;

    /// <summary>Ends when a call hangs.</summary>
    public Task Hangs => _hangs.Task;

    /// <summary>How many calls hang now.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    public SinkCapabilities Capabilities => inner.Capabilities;

    /// <summary>Lets all calls go on, and do their work.</summary>
    public void Release() => _released.TrySetResult();

    public async ValueTask<SinkWriter> CreateAsync(string name, CancellationToken cancellationToken = default)
    {
        await HangAsync(SinkOperation.Create, name, cancellationToken);
        return new Writer(this, name, await inner.CreateAsync(name, CancellationToken.None));
    }

    public async ValueTask<Stream> OpenReadAsync(
        string name, long offset = 0, long? length = null, CancellationToken cancellationToken = default)
    {
        await HangAsync(SinkOperation.Open, name, cancellationToken);
        return await inner.OpenReadAsync(name, offset, length, CancellationToken.None);
    }

    public async IAsyncEnumerable<SinkObject> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await HangAsync(SinkOperation.List, prefix, cancellationToken);
        await foreach (var item in inner.ListAsync(prefix, CancellationToken.None))
        {
            yield return item;
        }
    }

    public async ValueTask DeleteAsync(string name, CancellationToken cancellationToken = default)
    {
        await HangAsync(SinkOperation.Delete, name, cancellationToken);
        await inner.DeleteAsync(name, CancellationToken.None);
    }

    private async Task HangAsync(SinkOperation called, string name, CancellationToken cancellationToken)
    {
        if (called != operation || !name.EndsWith(nameSuffix, StringComparison.Ordinal))
        {
            return;
        }

        Interlocked.Increment(ref _waiting);
        _hangs.TrySetResult();
        try
        {
            await _released.Task.WaitAsync(heedsToken ? cancellationToken : CancellationToken.None);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private sealed class Writer(HangingSink sink, string name, SinkWriter inner) : SinkWriter
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await sink.HangAsync(SinkOperation.Write, name, cancellationToken);
            await inner.WriteAsync(buffer, CancellationToken.None);
        }

        public override async ValueTask CommitAsync(CancellationToken cancellationToken = default)
        {
            await sink.HangAsync(SinkOperation.Commit, name, cancellationToken);
            await inner.CommitAsync(CancellationToken.None);
        }

        public override async ValueTask DisposeAsync()
        {
            await sink.HangAsync(SinkOperation.Abort, name, CancellationToken.None);
            await inner.DisposeAsync();
        }
    }
}
