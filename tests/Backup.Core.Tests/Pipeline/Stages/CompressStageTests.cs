using System.Collections.Concurrent;
using System.Threading.Channels;
using Backup.Core.Compression;
using Backup.Core.Hosting;
using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Memory;
using Backup.Core.Pipeline.Stages;
using Backup.Core.Pipeline.Stages.Texts;
using Backup.Core.Tests.Hosting.Probes;

namespace Backup.Core.Tests.Pipeline.Stages;

public sealed class CompressStageTests : IDisposable
{
    private const int Blocks = 20;

    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(1));
    private readonly RecordingCompressor _compressor = new();
    private readonly Channel<ArchiveItem> _finished = Channel.CreateBounded<ArchiveItem>(Blocks);
    private readonly StageGraph _graph = new(CancellationToken.None);
    private readonly EntryContext _context;
    private readonly MemoryBudget _budget;

    public CompressStageTests()
    {
        var plan = ResourcePlan.Create(
            new BackupOptions { BlockBytes = 4096 }, new RunLanes(HasRows: true, HasObjects: false), _compressor, FakeHost.Of(2, 1 << 30));
        _budget = new MemoryBudget(plan.BudgetBytes);
        _context = new EntryContext(plan, new BufferPool(plan.BudgetBytes), _finished.Writer);
    }

    [Fact]
    public async Task RunAsync_BlocksOneAfterAnother_AreAllPackedOnOneThreadThatIsNotThePools()
    {
        var blocks = _graph.Connect<PackItem>(1, wakesInPlace: true);
        var stage = new CompressStage(_context, blocks.Reader);
        _ = _graph.Add("Make", 1, blocks.Writer, async (_, token) =>
        {
            for (var number = 0; number < Blocks; number++)
            {
                await (await NewItemAsync()).SendAsync(blocks.Writer, token);
            }
        });
        _ = _graph.Add("Pack", 1, _finished.Writer, stage.RunAsync);

        await _graph.RunAsync();

        Assert.Equal(Blocks, _finished.Reader.Count);
        Assert.Equal(Blocks, _compressor.Threads.Count);
        Assert.False(Assert.Single(_compressor.Threads.Distinct()).IsPool);
    }

    [Fact]
    public async Task SendAsync_PackerMakesRoom_SenderGoesOnAwayFromThePackersThread()
    {
        var blocks = _graph.Connect<PackItem>(1, wakesInPlace: true);
        using var packer = new DedicatedThread("packer");
        await (await NewItemAsync()).SendAsync(blocks.Writer, _limit.Token);
        using var second = await NewItemAsync();
        var sent = SendAsync();

        var first = await packer.RunAsync(() => blocks.Reader.TryRead(out var item) ? item : null);

        Assert.False(await sent.WaitAsync(_limit.Token));
        first!.Dispose();

        async Task<bool> SendAsync()
        {
            await second.SendAsync(blocks.Writer, _limit.Token);
            return packer.IsCurrent;
        }
    }

    public void Dispose()
    {
        _graph.Dispose();
        while (_finished.Reader.TryRead(out var item))
        {
            item.Dispose();
        }

        Assert.Equal(0, _context.Buffers.LiveBytes);
        Assert.Equal(_budget.TotalBytes, _budget.AvailableBytes);
        _limit.Dispose();
    }

    private async Task<PackItem> NewItemAsync()
    {
        var share = await _budget.AcquireAsync(_context.Plan.Sizes.BlockCostBytes, _limit.Token);
        var entry = new TextEntry("a.sql", _compressor, share, _context);
        var block = await entry.RentBlockAsync(_limit.Token);
        return entry.Append(block, length: 100, isLast: true);
    }

    private sealed class RecordingCompressor : ICompressor
    {
        private readonly ZstandardCompressor _inner = new();

        public ConcurrentQueue<(int Id, bool IsPool)> Threads { get; } = new();

        public string Name => _inner.Name;

        public int Level => _inner.Level;

        public CompressionMethod Method => _inner.Method;

        public int GetMaxCompressedBytes(int sourceBytes) => _inner.GetMaxCompressedBytes(sourceBytes);

        public int Compress(ReadOnlySpan<byte> source, Span<byte> destination, bool isLast)
        {
            Threads.Enqueue((Environment.CurrentManagedThreadId, Thread.CurrentThread.IsThreadPoolThread));
            return _inner.Compress(source, destination, isLast);
        }

        public Stream OpenDecompressor(Stream compressed) => _inner.OpenDecompressor(compressed);
    }
}
