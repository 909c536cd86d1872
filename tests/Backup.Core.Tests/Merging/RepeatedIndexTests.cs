using Backup.Core.Archives;
using Backup.Core.Compression;
using Backup.Core.Merging;

namespace Backup.Core.Tests.Merging;

public sealed class RepeatedIndexTests
{
    private readonly List<IndexEntry> _entries = [.. Enumerable.Range(0, 50).Select(EntryOf)];
    private int _reads;

    [Theory]
    [InlineData(1_000_000, 1, true)]
    [InlineData(10_000, 3, false)]
    public async Task ReadAsync_SeveralTimes_GivesTheSameAndReadsAgainOnlyWhatIsTooLargeToKeep(long memoryBytes, int reads, bool isKept)
    {
        var index = new RepeatedIndex(_ => Read(), memoryBytes);

        for (var time = 0; time < 3; time++)
        {
            Assert.Equal(_entries, await index.ReadAsync(CancellationToken.None).ToListAsync());
        }

        Assert.Equal(reads, _reads);
        Assert.Equal(isKept, index.IsKept);
    }

    [Fact]
    public async Task ReadAsync_GivenUpBeforeTheEnd_KeepsNothing()
    {
        var index = new RepeatedIndex(_ => Read());

        await index.ReadAsync(CancellationToken.None).FirstAsync();

        Assert.False(index.IsKept);
        Assert.Equal(_entries, await index.ReadAsync(CancellationToken.None).ToListAsync());
        Assert.Equal(2, _reads);
    }

    [Fact]
    public async Task ReadAsync_DamageAtTheEnd_IsFoundAgain()
    {
        var index = new RepeatedIndex(_ => Read().Append(null!).Select(entry => entry ?? throw new IOException("The digest differs.")));

        await Assert.ThrowsAsync<IOException>(() => index.ReadAsync(CancellationToken.None).ToListAsync().AsTask());

        await Assert.ThrowsAsync<IOException>(() => index.ReadAsync(CancellationToken.None).ToListAsync().AsTask());
        Assert.Equal(2, _reads);
    }

    private IAsyncEnumerable<IndexEntry> Read()
    {
        _reads++;
        return _entries.ToAsyncEnumerable();
    }

    private static IndexEntry EntryOf(int number) => new()
    {
        Path = $"{number:000}",
        Volume = 1,
        Offset = number * 100L,
        Method = CompressionMethod.None,
        RawBytes = 10,
        StoredBytes = 10,
        Crc32 = 0,
        Digest = ContentHash.Empty,
    };
}
