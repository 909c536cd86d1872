using Backup.Core.Hosting;
using Backup.Core.Sinks;

namespace Backup.Core.Pipeline.Failures;

/// <summary>The writer of a <see cref="TimedSink"/>. Used by one caller at a time.</summary>
internal sealed class TimedSinkWriter(IBackupSink sink, SinkWriter inner, string name, SinkCalls calls) : SinkWriter
{
    // One for all writes: a writer that was cut is of no more use.
    private readonly CancellationTokenSource _cut = new();
    private bool _isLeftBehind;
    private bool _isDisposed;

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        await RunAsync(
            SinkActions.Write,
            async token =>
            {
                await inner.WriteAsync(buffer, token).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public override async ValueTask CommitAsync(CancellationToken cancellationToken = default) =>
        await RunAsync(
            SinkActions.Commit,
            async token =>
            {
                await inner.CommitAsync(token).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        // A call that was left behind still uses the writer, which goes when that call does.
        _isDisposed = true;
        if (!_isLeftBehind)
        {
            await calls.ReleaseAsync(inner.DisposeAsync).ConfigureAwait(false);
            _cut.Dispose();
        }
    }

    private ValueTask<bool> RunAsync(string action, Func<CancellationToken, ValueTask<bool>> call, CancellationToken cancellationToken) =>
        calls.RunAsync(
            action,
            name,
            call,
            _cut,
            running =>
            {
                _isLeftBehind = true;
                LateDisposal.After(running, () => UndoAsync(running, isCommit: action == SinkActions.Commit));
            },
            cancellationToken);

    private async ValueTask UndoAsync(Task ended, bool isCommit)
    {
        await inner.DisposeAsync().ConfigureAwait(false);
        if (isCommit && ended.IsCompletedSuccessfully && !calls.IsGivenFree)
        {
            await sink.DeleteAsync(name, CancellationToken.None).ConfigureAwait(false);
        }
    }
}
