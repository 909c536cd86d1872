using Backup.Core.Sinks;

namespace Backup.Core.Pipeline.Failures;

/// <summary>A sink whose calls are made again where they failed for a passing reason; never a commit, whose outcome may be unknown.</summary>
internal sealed class RetryingSink(IBackupSink inner, Retries retries) : IBackupSink, IPartialFiles
{
    /// <inheritdoc/>
    public SinkCapabilities Capabilities => inner.Capabilities;

    /// <inheritdoc/>
    public async ValueTask<SinkWriter> CreateAsync(string name, CancellationToken cancellationToken = default)
    {
        var writer = await retries
            .RunAsync(RetryKind.Sink, $"{SinkActions.Create} '{name}'", token => inner.CreateAsync(name, token), cancellationToken).ConfigureAwait(false);
        return new Writer(writer, name, retries);
    }

    /// <inheritdoc/>
    public ValueTask<Stream> OpenReadAsync(string name, long offset = 0, long? length = null, CancellationToken cancellationToken = default) =>
        retries.RunAsync(RetryKind.Sink, $"{SinkActions.Open} '{name}'", token => inner.OpenReadAsync(name, offset, length, token), cancellationToken);

    /// <inheritdoc/>
    /// <remarks>Not tried again: what a listing gave already cannot be taken back.</remarks>
    public IAsyncEnumerable<SinkObject> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
        inner.ListAsync(prefix, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string name, CancellationToken cancellationToken = default) => await retries.RunAsync(
        RetryKind.Sink,
        $"{SinkActions.Delete} '{name}'",
        async token =>
        {
            await inner.DeleteAsync(name, token).ConfigureAwait(false);
            return true;
        },
        cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    void IPartialFiles.RemovePartials(string folder, Func<string, DateTimeOffset, bool> isOld) =>
        (inner as IPartialFiles)?.RemovePartials(folder, isOld);

    private sealed class Writer(SinkWriter inner, string name, Retries retries) : SinkWriter
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            await retries.RunAsync(
                RetryKind.Sink,
                $"{SinkActions.Write} '{name}'",
                async token =>
                {
                    await inner.WriteAsync(buffer, token).ConfigureAwait(false);
                    return true;
                },
                cancellationToken).ConfigureAwait(false);

        public override ValueTask CommitAsync(CancellationToken cancellationToken = default) => inner.CommitAsync(cancellationToken);

        public override ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
