using Backup.Core.Pipeline;
using Backup.Core.Sharding;
using Backup.Core.Sharding.Planning;
using Backup.Core.Sharding.Execution;
using Backup.Core.Sinks;
using Backup.Core.Tests.Pipeline.Fakes;
using Backup.TestKit.Storage;

namespace Backup.Core.Tests.Sharding;

/// <summary>A run over tables and objects in memory whose work is done by workers in this process, shard by shard.</summary>
internal sealed class ShardScene
{
    public InMemoryRowSource? Source { get; init; }

    public InMemoryObjectStore? Store { get; init; }

    public IBackupSink Sink { get; init; } = new InMemorySink();

    public FailurePolicy Failures { get; init; } = FailurePolicy.Default;

    public int Workers { get; init; } = 3;

    public long ShardBytes { get; init; } = 4000;

    public Func<BackupRequest, BackupRequest> Ask { get; init; } = request => request;

    public Action<ShardOrder>? OnOrder { get; init; }

    public Func<ShardOrder, bool> IsLostBehind { get; init; } = _ => false;

    /// <summary>The workers of the run.</summary>
    public InProcessPool? Pool { get; private set; }

    public async Task<BackupResult> RunAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await ToRunScene().RunAsync(cancellationToken);
        }
        finally
        {
            Assert.Equal(0, Pool?.Open ?? 0);
        }
    }

    public RunScene ToRunScene() => new()
    {
        Source = Source,
        Store = Store,
        Sink = Sink,
        Failures = Failures,
        Options = new BackupOptions { PageBlocks = 2, CompressionWorkers = 1 },
        Ask = Ask,
        Distribution = parts =>
        {
            Pool = new InProcessPool(parts, Workers) { OnOrder = OnOrder, IsLostBehind = IsLostBehind };
            return new ShardDistribution(Pool, new ShardSizes(ShardBytes, ShardBytes, 4));
        },
    };
}
