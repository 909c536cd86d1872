using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Backup.Core.Errors;
using Backup.Core.Restore;
using Backup.Core.Sinks;

namespace Backup.Core.Tests.Restore;

public sealed class OpeningSessionTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task RunAsync_BackupIsNotReadYet_ConnectsToTheTargetMeanwhile()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var limit = new CancellationTokenSource(Limit);
        var target = $"Host=127.0.0.1;Port={((IPEndPoint)listener.LocalEndpoint).Port};Username=nobody;Database=none";
        var sink = new GatedSink(async token => (await listener.AcceptTcpClientAsync(token)).Dispose());

        // What is wrong with the backup is what counts, whatever has become of the connection.
        await Assert.ThrowsAsync<BackupNotFoundException>(
            () => new RestorePipelineBuilder().UseSink(sink).UsePostgres(target).Build().RunAsync(new RestoreRequest(), null, limit.Token));
    }

    /// <summary>An empty sink that can be listed only when something has happened.</summary>
    private sealed class GatedSink(Func<CancellationToken, Task> waitAsync) : IBackupSink
    {
        private readonly InMemorySink _inner = new();

        public SinkCapabilities Capabilities => _inner.Capabilities;

        public ValueTask<SinkWriter> CreateAsync(string name, CancellationToken cancellationToken = default) =>
            _inner.CreateAsync(name, cancellationToken);

        public ValueTask<Stream> OpenReadAsync(
            string name, long offset = 0, long? length = null, CancellationToken cancellationToken = default) =>
            _inner.OpenReadAsync(name, offset, length, cancellationToken);

        public async IAsyncEnumerable<SinkObject> ListAsync(
            string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await waitAsync(cancellationToken);
            await foreach (var item in _inner.ListAsync(prefix, cancellationToken))
            {
                yield return item;
            }
        }

        public ValueTask DeleteAsync(string name, CancellationToken cancellationToken = default) => _inner.DeleteAsync(name, cancellationToken);
    }
}
