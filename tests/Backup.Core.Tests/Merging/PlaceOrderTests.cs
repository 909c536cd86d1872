using Backup.Core.Archives;
using Backup.Core.Archives.Indexing;
using Backup.Core.Compression;
using Backup.Core.Merging;

namespace Backup.Core.Tests.Merging;

public sealed class PlaceOrderTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 700)]
    [InlineData(3, 5_000)]
    [InlineData(4, 50_000)]
    [InlineData(5, 1_000_000)]
    public async Task ReadAsync_AnyMemory_GivesAllInOrder(int seed, long memoryBytes)
    {
        var random = new Random(seed);
        var entries = Enumerable.Range(0, 300)
            .Select(i => EntryOf($"{i:000}", random.Next(1, 6), random.Next(0, 40) * 100L)).ToList();
        var parts = entries.Chunk(37).Select(part => new CountedPart(part)).ToList();

        var read = await new PlaceOrder([.. parts.Select(part => part.Part)], PlaceOf, memoryBytes).ReadAsync(CancellationToken.None).ToListAsync();

        Assert.Equal(entries.OrderBy(entry => PlaceOf(entry)!.Value), read);
    }

    [Fact]
    public async Task ReadAsync_EntriesWithoutAPlace_ArePassedOver()
    {
        var part = new CountedPart([EntryOf("a", 1, 0), EntryOf("b", 1, 100)]);

        var read = await new PlaceOrder([part.Part], entry => entry.Path == "a" ? null : PlaceOf(entry)).ReadAsync(CancellationToken.None).ToListAsync();

        Assert.Equal(["b"], read.Select(entry => entry.Path));
    }

    [Fact]
    public async Task ReadAsync_NoEntries_GivesNone() =>
        Assert.Empty(await new PlaceOrder([], PlaceOf).ReadAsync(CancellationToken.None).ToListAsync());

    [Fact]
    public async Task ReadAsync_ManyPartsInAboutTheirOrder_ReadsEachAFewTimesInTheMemoryOfARound()
    {
        // A full backup of 100,000 entries, one in a hundred of which lies in one of ten younger backups instead.
        const int Entries = 100_000;
        const long MemoryBytes = 4 * 1024 * 1024;
        var entries = Enumerable.Range(0, Entries).Select(i => i % 100 == 7
            ? EntryOf($"{i:000000}", 2 + (i / 100 % 10), i * 100L)
            : EntryOf($"{i:000000}", 1, (i ^ 31) * 100L));
        var parts = entries.Chunk(2_000).Select(part => new CountedPart(part)).ToList();
        var (count, previous) = (0, EntryPlace.First);

        await foreach (var entry in new PlaceOrder([.. parts.Select(part => part.Part)], PlaceOf, MemoryBytes).ReadAsync(CancellationToken.None))
        {
            var place = PlaceOf(entry)!.Value;
            Assert.True(previous.CompareTo(place) < 0);
            previous = place;
            count++;
        }

        Assert.Equal(Entries, count);
        Assert.InRange(parts.Average(part => part.Reads), 1, 5);
    }

    [Fact]
    public void Take_MoreThanTheMemoryHolds_KeepsTheFirst()
    {
        var entries = Enumerable.Range(0, 50).Select(i => EntryOf($"{i:00}", 1, i * 100L)).ToList();
        var next = new NextEntries(PlaceOf(entries[4])!.Value, IndexLineSize.MemoryOf(entries[0]) * 10);
        foreach (var entry in entries.AsEnumerable().Reverse())
        {
            next.Offer(PlaceOf(entry)!.Value, entry);
        }

        Assert.Equal(PlaceOf(entries[15]), next.End);
        Assert.Equal(entries[5..15], next.Take().Select(taken => taken.Entry));
    }

    private static EntryPlace? PlaceOf(IndexEntry entry) => new(entry.Volume, entry.Offset, entry.Path);

    private static IndexEntry EntryOf(string path, int volume, long offset) => new()
    {
        Path = path,
        Volume = volume,
        Offset = offset,
        Method = CompressionMethod.None,
        RawBytes = 1,
        StoredBytes = 1,
        Crc32 = 0,
        Digest = ContentHash.Empty,
    };

    private sealed class CountedPart
    {
        public CountedPart(IndexEntry[] entries) => Part = new PlacedPart(_ =>
        {
            Reads++;
            return entries.ToAsyncEnumerable();
        });

        public PlacedPart Part { get; }

        public int Reads { get; private set; }
    }
}
