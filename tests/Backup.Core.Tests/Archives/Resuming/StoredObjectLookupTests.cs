using Backup.Core.Archives;
using Backup.Core.Archives.Resuming;
using Backup.Core.Compression;
using Backup.Core.ObjectStores;
using Backup.Core.Sinks;
using Backup.TestKit.Archives;

namespace Backup.Core.Tests.Archives.Resuming;

public sealed class StoredObjectLookupTests
{
    private const int Parts = 20;
    private const int PerPart = 50;

    [Fact]
    public async Task HoldsAsync_StoredAndOtherNames_TellsThemApart()
    {
        var (lookup, names) = await CreateAsync();

        Assert.Equal(Parts * PerPart, lookup.Count);
        foreach (var name in names)
        {
            Assert.True(await lookup.HoldsAsync("b", name, CancellationToken.None));
            Assert.False(await lookup.HoldsAsync("b", name + "x", CancellationToken.None));
            Assert.False(await lookup.HoldsAsync("c", name, CancellationToken.None));
        }

        Assert.False(await lookup.HoldsAsync("", "", CancellationToken.None));
    }

    [Fact]
    public async Task HoldsAsync_InTheOrderOfTheListing_ReadsEachPartOnce()
    {
        var (lookup, names) = await CreateAsync();

        foreach (var name in names)
        {
            Assert.True(await lookup.HoldsAsync("b", name, CancellationToken.None));
        }

        Assert.Equal(Parts, lookup.PartsRead);
    }

    [Fact]
    public async Task HoldsAsync_InAnyOrder_FindsThemAll()
    {
        var (lookup, names) = await CreateAsync();
        new Random(7).Shuffle(names);

        foreach (var name in names)
        {
            Assert.True(await lookup.HoldsAsync("b", name, CancellationToken.None));
        }
    }

    [Theory]
    [InlineData("a", "b/c", "a/b", "c")]
    [InlineData("a", "1/b", "a/1", "b")]
    public void Of_NamesThatJoinToTheSame_AreTwoKeys(string bucket, string name, string otherBucket, string otherName) =>
        Assert.NotEqual(ObjectKeys.Of(bucket, name), ObjectKeys.Of(otherBucket, otherName));

    [Fact]
    public void Of_HalvesOfPairs_AreKeysOfTheirOwn() => Assert.NotEqual(ObjectKeys.Of("b", "\ud800"), ObjectKeys.Of("b", "\ud801"));

    [Fact]
    public void KeyFilter_ManyKeys_HoldsThemAllAndFewOthers()
    {
        var filter = new KeyFilter(10_000);
        for (var i = 0; i < 10_000; i++)
        {
            filter.Add(ObjectKeys.Of("b", $"{i}"));
        }

        Assert.All(Enumerable.Range(0, 10_000), i => Assert.True(filter.MayHold(ObjectKeys.Of("b", $"{i}"))));
        Assert.InRange(Enumerable.Range(10_000, 10_000).Count(i => filter.MayHold(ObjectKeys.Of("b", $"{i}"))), 0, 100);
    }

    private static async Task<(StoredObjectLookup Lookup, string[] Names)> CreateAsync()
    {
        var sink = new InMemorySink();
        var names = Enumerable.Range(0, Parts * PerPart).Select(i => $"{i:D5}").ToArray();
        var writer = new ArchiveWriter(
            sink,
            ArchiveBuilder.Id,
            new ArchiveWriterOptions
            {
                MaxEntriesPerVolume = PerPart,
                Checkpoints = _ => ValueTask.FromResult(CheckpointContent.Empty),
                Header = new RunHeader { Fingerprint = "f", Part = 1, StartedAt = DateTimeOffset.UnixEpoch },
            });
        await using (writer)
        {
            foreach (var name in names)
            {
                await writer.AppendAsync(
                    new EntryHeader(
                        EntryPaths.StoredObject("b", name), null, CompressionMethod.None, new StoredObject { Bucket = "b", Name = name, Bytes = 0 }),
                    ArchiveBuilder.ContentOf([]),
                    [],
                    CancellationToken.None);
            }

            Assert.True(await writer.SuspendAsync(CancellationToken.None));
        }

        return ((await ResumeState.ReadAsync(sink, ArchiveBuilder.Id, TimeProvider.System, CancellationToken.None)).Objects, names);
    }
}
