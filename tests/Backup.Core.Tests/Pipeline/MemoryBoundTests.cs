using Backup.Core.Compression;
using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Memory;
using Backup.Core.Tests.Hosting;
using Backup.Core.Tests.Pipeline.Fakes;
using CsCheck;

namespace Backup.Core.Tests.Pipeline;

/// <summary>The run gets on with the least memory that it accepts, whatever the pages are like.</summary>
public sealed class MemoryBoundTests
{
    private const int BlockBytes = 4096;

    private static readonly Gen<int> RowBytes = Gen.Frequency(
        (6, Gen.Int[1, 200]), (2, Gen.Int[200, 5000]), (1, Gen.Int[5000, 60_000]));

    private static readonly Gen<byte[]> Block = RowBytes.Array[0, 20].Select(InMemoryTable.Rows);

    private static readonly Gen<InMemoryTable[]> Tables =
        Gen.Select(Block.Array[0, 6], Block, Gen.Bool, Gen.Bool, (blocks, whole, isWhole, isContended) => isWhole
                ? new InMemoryTable("t", whole) { IsWhole = true, IsContended = isContended }
                : new InMemoryTable("t", blocks) { IsContended = isContended })
            .Array[1, 6]
            .Select(tables => tables.Select((table, index) => table with { Name = $"t{index}" }).ToArray());

    private static readonly Gen<int[]> ObjectSizes = Gen.Frequency(
        (4, Gen.Int[0, 5000]), (3, Gen.Int[5000, 60_000]), (1, Gen.Int[60_000, 400_000])).Array[0, 25];

    private static readonly Gen<(int Connections, int Workers, int SpareBytes, int ReadBytes)> Shape =
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 4], Gen.Int[0, 60_000], Gen.Int[1000, 20_000]);

    /// <summary>Memory that is never above a watermark, always above the low one, always above both.</summary>
    public static TheoryData<long, long> Watermarks => new() { { long.MaxValue, long.MaxValue }, { 1, long.MaxValue }, { 1, 1 } };

    [Theory]
    [MemberData(nameof(Watermarks))]
    public async Task ExecuteAsync_WithTheLeastMemory_Finishes(long low, long high)
    {
        await Gen.Select(Tables, Shape).SampleAsync(
            async (tables, shape) =>
            {
                var compressor = new NoCompressor();
                var least = ResourcePlan.MinimumBudgetBytes(
                    shape.Connections, 0, shape.Workers, new EntrySizes(BlockBytes, compressor.GetMaxCompressedBytes(BlockBytes)));
                var scene = new RunScene
                {
                    Source = new InMemoryRowSource(tables) { MaxReadBytes = shape.ReadBytes },
                    Compressor = compressor,
                    Memory = new FakeProcessMemory { Taken = 1_000_000 },
                    Options = new BackupOptions
                    {
                        Connections = shape.Connections,
                        CompressionWorkers = shape.Workers,
                        LowWatermarkBytes = low,
                        HighWatermarkBytes = high,
                        BlockBytes = BlockBytes,
                        PageBytes = 64 * 1024,
                        MemoryBudgetBytes = least + shape.SpareBytes,
                    },
                };

                var result = await scene.RunAsync();

                Assert.Equal(shape.Connections, result.Connections);
                Assert.Equal((low == 1 ? 1 : 0, high == 1 ? 1 : 0), (result.Memory.TimesSlowed, result.Memory.TimesCompacted));
                await scene.AssertHoldsAsync(result, tables);
            },
            iter: 60,
            threads: 2);
    }

    [Theory]
    [MemberData(nameof(Watermarks))]
    public async Task ExecuteAsync_BothLanesWithTheLeastMemory_Finishes(long low, long high)
    {
        await Gen.Select(Tables, ObjectSizes, Shape, Gen.Int[1, 5]).SampleAsync(
            async (tables, sizes, shape, transfers) =>
            {
                var store = StoreScene.Store("b");
                for (var index = 0; index < sizes.Length; index++)
                {
                    StoreScene.Set(store, "b", $"{index:d2}", StoreScene.Content(index, sizes[index]));
                }

                var sizesOfBlocks = new EntrySizes(BlockBytes, BlockBytes);
                var scene = new RunScene
                {
                    Source = new InMemoryRowSource(tables) { MaxReadBytes = shape.ReadBytes, Objects = store },
                    Store = store,
                    Memory = new FakeProcessMemory { Taken = 1_000_000 },
                    Options = new BackupOptions
                    {
                        Connections = shape.Connections,
                        CompressionWorkers = shape.Workers,
                        Transfers = transfers,
                        LowWatermarkBytes = low,
                        HighWatermarkBytes = high,
                        BlockBytes = BlockBytes,
                        PageBytes = 64 * 1024,
                        MemoryBudgetBytes =
                            ResourcePlan.MinimumBudgetBytes(shape.Connections, 1, shape.Workers, sizesOfBlocks) + shape.SpareBytes,
                    },
                };

                var result = await scene.RunAsync();

                Assert.Equal(shape.Connections, result.Connections);
                Assert.Equal((low == 1 ? 1 : 0, high == 1 ? 1 : 0), (result.Memory.TimesSlowed, result.Memory.TimesCompacted));
                await scene.AssertHoldsAsync(result, tables);
                await StoreScene.AssertHoldsAsync(scene, result, StoreScene.ObjectsOf(store, "b"));
            },
            iter: 40,
            threads: 2);
    }
}
