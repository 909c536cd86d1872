using System.Runtime.CompilerServices;
using Backup.Core.Hosting;
using Backup.Core.Sinks;

namespace Backup.Core.Pipeline.Failures;

/// <summary>A sink whose calls all end in time: each is cut at its limit, and left behind where it does not heed that.</summary>
/// <remarks>
/// What was left behind and does its work after all is undone: a writer is disposed, and an object that is committed although its caller
/// was told that it is not is deleted again.
/// </remarks>
internal sealed class TimedSink(IBackupSink inner, SinkCalls calls) : IBackupSink, IPartialFiles
{
    /// <inheritdoc/>
    public SinkCapabilities Capabilities => inner.Capabilities;

    /// <inheritdoc/>
    public async ValueTask<SinkWriter> CreateAsync(string name, CancellationToken cancellationToken = default)
    {
        var writer = await calls.RunAsync(
            SinkActions.Create, name, token => inner.CreateAsync(name, token), null, LateDisposal.OfResult, cancellationToken).ConfigureAwait(false);
        return new TimedSinkWriter(inner, writer, name, calls);
    }

    /// <inheritdoc/>
    public async ValueTask<Stream> OpenReadAsync(
        string name, long offset = 0, long? length = null, CancellationToken cancellationToken = default)
    {
        var stream = await calls.RunAsync(
            SinkActions.Open, name, token => inner.OpenReadAsync(name, offset, length, token), null, LateDisposal.OfResult, cancellationToken)
            .ConfigureAwait(false);
        return new TimedReadStream(stream, name, calls);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SinkObject> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var cut = new CancellationTokenSource();
        var items = inner.ListAsync(prefix, cut.Token).GetAsyncEnumerator(cut.Token);
        Task? leftBehind = null;
        try
        {
            while (await calls.RunAsync(
                SinkActions.List, prefix, _ => items.MoveNextAsync(), cut, call => leftBehind = call, cancellationToken).ConfigureAwait(false))
            {
                yield return items.Current;
            }
        }
        finally
        {
            if (leftBehind is null)
            {
                await calls.ReleaseAsync(items.DisposeAsync).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string name, CancellationToken cancellationToken = default) => await calls.RunAsync(
        SinkActions.Delete,
        name,
        async token =>
        {
            await inner.DeleteAsync(name, token).ConfigureAwait(false);
            return true;
        },
        null,
        static _ => { },
        cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    void IPartialFiles.RemovePartials(string folder, Func<string, DateTimeOffset, bool> isOld) =>
        (inner as IPartialFiles)?.RemovePartials(folder, isOld);
}
