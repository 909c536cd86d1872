using Backup.Core.Sinks;

namespace Backup.Core.IntegrationTests.Samples;

/// <summary>A sink that holds whoever begins a certain file until they give up.</summary>
internal sealed class HoldingSink(IBackupSink inner, string nameSuffix) : IBackupSink
{
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when somebody is held.</summary>
    public Task Held => _held.Task;

    public SinkCapabilities Capabilities => inner.Capabilities;

    public async ValueTask<SinkWriter> CreateAsync(string name, CancellationToken cancellationToken = default)
    {
        if (name.EndsWith(nameSuffix, StringComparison.Ordinal))
        {
            _held.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        return await inner.CreateAsync(name, cancellationToken);
    }

    public ValueTask<Stream> OpenReadAsync(string name, long offset = 0, long? length = null, CancellationToken cancellationToken = default) =>
        inner.OpenReadAsync(name, offset, length, cancellationToken);

    public IAsyncEnumerable<SinkObject> ListAsync(string prefix, CancellationToken cancellationToken = default) => inner.ListAsync(prefix, cancellationToken);

    public ValueTask DeleteAsync(string name, CancellationToken cancellationToken = default) => inner.DeleteAsync(name, cancellationToken);
}
