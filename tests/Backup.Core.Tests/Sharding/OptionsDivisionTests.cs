using Backup.Core.Compression;
using Backup.Core.ObjectStores;
using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Sources;
using Backup.Core.Sharding;
using Backup.Core.Sinks;
using Backup.Core.Tests.Pipeline.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Backup.Core.Tests.Sharding;

public class OptionsDivisionTests
{
    private const long GiB = 1024L * 1024 * 1024;

    [Fact]
    public void Divide_Automatic_IsWhatOneProcessWouldTake()
    {
        var options = new BackupOptions { Host = { Processors = 4, MemoryBytes = 4 * GiB, HeapBytes = 4 * GiB } };

        var divided = OptionsDivision.Divide(PartsOf(options), 2);

        Assert.Equal(2, divided.Worker.Connections);
        Assert.Equal(2, divided.Worker.CompressionWorkers);
        Assert.Equal(4, divided.Connections);
        Assert.Equal(BackupOptions.MaxAutomaticMemoryBudgetBytes / 2, divided.Worker.MemoryBudgetBytes);
        Assert.Equal(BackupOptions.DefaultTransfers / 2, divided.Worker.Transfers);
    }

    [Fact]
    public void Divide_SetByNumber_IsEachWorkers()
    {
        var options = new BackupOptions { Connections = 3, CompressionWorkers = 5, MemoryBudgetBytes = 64 * 1024 * 1024, Transfers = 7, Level = 4 };

        var worker = OptionsDivision.Divide(PartsOf(options), 8).Worker;

        Assert.Equal((3, 5, 64 * 1024 * 1024, 7, 4), (worker.Connections, worker.CompressionWorkers, worker.MemoryBudgetBytes, worker.Transfers, worker.Level));
    }

    [Fact]
    public void Divide_AmongMany_LeavesEachEnough()
    {
        var divided = OptionsDivision.Divide(PartsOf(new BackupOptions { Host = { Processors = 1 } }), 64);

        Assert.Equal(1, divided.Worker.Connections);
        Assert.True(divided.Worker.MemoryBudgetBytes >= 16 * 1024 * 1024);
    }

    [Fact]
    public void Divide_Pages_AreCutAlikeInAllProcesses()
    {
        var divided = OptionsDivision.Divide(PartsOf(new BackupOptions()), 2);

        Assert.NotNull(divided.Worker.PageBytes);
        Assert.Equal((divided.Own.PageBytes, divided.Own.PageBlocks), (divided.Worker.PageBytes, divided.Worker.PageBlocks));
        Assert.Equal((1, 1, 1), (divided.Own.Connections, divided.Own.CompressionWorkers, divided.Own.Transfers));
    }

    private static PipelineParts PartsOf(BackupOptions options) => new(
        new InMemoryRowSource(),
        ObjectStoreSource.Borrow(StoreScene.Store(new ObjectStoreCapabilities { Location = "memory" })),
        new InMemorySink(),
        new NoCompressor(),
        options,
        NullLogger.Instance,
        TimeProvider.System);
}
