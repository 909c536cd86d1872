using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Referencing;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Backup.Core.Sinks;
using Backup.TestKit.Archives;

namespace Backup.Core.Tests.Archives.Referencing;

public sealed class ParentIndexTests
{
    private const int PerPart = 50;

    // Of about two parts of PerPart entries.
    private const long MemoryBytes = 16 * 1024;

    private static readonly DateTimeOffset Then = new(2026, 11, 22, 3, 15, 0, TimeSpan.Zero);

    private readonly InMemorySink _sink = new();

    [Fact]
    public async Task FindPageAsync_PagesOfTheParentAndOfOthers_GivesEachWithItsPlace()
    {
        using var index = await OpenAsync(
            [MadeUpBackup.Page("own", 1), MadeUpBackup.Page("own", 2)],
            [MadeUpBackup.Page("old", 1) with { Backup = MadeUpBackup.Older, Volume = 7 }]);

        var own = await FindPageAsync(index, "own", 2);
        var old = await FindPageAsync(index, "old", 1);

        Assert.Equal(
            MadeUpBackup.Page("own", 2) with { Backup = ArchiveBuilder.Id },
            own!.ToReference(EntryPaths.Page("database/data/public.own/", 2), null, null));
        Assert.Equal((MadeUpBackup.Older, 7), (old!.Backup, old.Volume));
        Assert.Null(await FindPageAsync(index, "own", 3));
        Assert.Null(await FindPageAsync(index, "other", 1));
    }

    [Fact]
    public async Task FindPageAsync_EntryOfAnotherPathThere_IsReferencedByThatPath()
    {
        var there = "database/data/public.t~2/000001.copy";
        using var index = await OpenAsync(
            [MadeUpBackup.Entry("RESTORE.md", 1)], [MadeUpBackup.Page("t", 1) with { Backup = MadeUpBackup.Older, EntryPath = there }]);

        var found = await FindPageAsync(index, "t", 1);

        Assert.Equal(there, found!.ToReference("database/data/public.t/000001.copy", null, null).EntryPath);
        Assert.Null(found.ToReference(there, null, null).EntryPath);
    }

    [Fact]
    public void ToPart_ManyPagesOfARenamedTable_KeepsThePlacesOfAll()
    {
        const int Pages = 3000;
        var there = EntryPaths.TableFolder("public", new string('o', 200));
        var builder = new ParentPartBuilder(ArchiveBuilder.Id, Pages);
        foreach (var number in Enumerable.Range(1, Pages))
        {
            builder.Add(MadeUpBackup.Page("t", number) with { Backup = MadeUpBackup.Older, EntryPath = EntryPaths.Page(there, number) });
        }

        var part = builder.ToPart();

        foreach (var number in Enumerable.Range(1, Pages))
        {
            var path = MadeUpBackup.Page("t", number).Path;
            Assert.True(part.TryFind(ParentPartBuilder.KeyOf(path), out var slot));
            Assert.Equal(EntryPaths.Page(there, number), part.ToEntry(slot, path).PathThere);
        }
    }

    [Fact]
    public async Task FindEntryAsync_FilesThatAreNoPages_AreFound()
    {
        using var index = await OpenAsync([MadeUpBackup.Entry(EntryPaths.Toc, 3), MadeUpBackup.Entry("RESTORE.md", 4), MadeUpBackup.Page("t", 1)]);

        Assert.Equal(3, (await index.FindEntryAsync(EntryPaths.Toc, CancellationToken.None))!.RawBytes);
        Assert.Equal(4, (await index.FindEntryAsync("RESTORE.md", CancellationToken.None))!.RawBytes);
        Assert.Null(await index.FindEntryAsync(EntryPaths.PreData, CancellationToken.None));
    }

    [Fact]
    public async Task FindObjectAsync_ManyParts_TellsSameFromChangedAndMissing()
    {
        var objects = Objects(500);
        using var index = await OpenAsync(Entries(objects.Take(300)), Referenced(objects.Skip(300)));

        foreach (var item in objects)
        {
            var found = await index.FindObjectAsync(item, CancellationToken.None);
            Assert.Equal(item.Bytes, found!.RawBytes);
            Assert.Equal(EntryPaths.StoredObject(item.Bucket, item.Name), found.PathThere);
            Assert.Null(await index.FindObjectAsync(item with { ETag = "\"other\"" }, CancellationToken.None));
            Assert.Null(await index.FindObjectAsync(item with { Name = item.Name + "x" }, CancellationToken.None));
            Assert.Null(await index.FindObjectAsync(item with { Bucket = "c" }, CancellationToken.None));
        }
    }

    [Fact]
    public async Task FindObjectAsync_MarkedPath_IsReferencedByIt()
    {
        var stored = Objects(1)[0];
        var entry = MadeUpBackup.Object(stored);
        var marked = entry.Path + "~0123456789abcdef0123456789abcdef";
        using var index = await OpenAsync([entry with { Path = marked }]);

        var found = await index.FindObjectAsync(stored, CancellationToken.None);

        Assert.Equal(marked, found!.PathThere);
    }

    [Fact]
    public async Task FindObjectAsync_MoreTextsThanAreKept_LeavesOutWhatItCannotSay()
    {
        var metadata = new string('m', 30_000);
        var objects = Objects(40).ConvertAll(item => item with { UserMetadata = $"{metadata}{item.Name}" });
        using var index = await OpenAsync(Entries(objects));

        var known = 0;
        foreach (var item in objects)
        {
            var found = await index.FindObjectAsync(item, CancellationToken.None);
            Assert.True(found!.Properties is null || found.Properties.UserMetadata == item.UserMetadata);
            known += found.Properties is null ? 0 : 1;
        }

        Assert.InRange(known, 1, objects.Count - 1);
        Assert.InRange(index.Bytes, 1, 2 * 1024 * 1024);
    }

    [Fact]
    public async Task FindObjectAsync_InTheOrderOfTheListing_LoadsEachPartOnceAndKeepsFew()
    {
        var objects = Objects(1000);
        using var index = await OpenAsync(Entries(objects));

        foreach (var item in objects)
        {
            Assert.NotNull(await index.FindObjectAsync(item, CancellationToken.None));
            Assert.InRange(index.Bytes, 1, MemoryBytes);
        }

        Assert.InRange(index.PartsLoaded, 1, 1000 / PerPart);
    }

    [Fact]
    public async Task FindObjectAsync_EverythingFits_LoadsNothingAgain()
    {
        var objects = Objects(1000);
        using var index = await OpenAsync(Entries(objects), memoryBytes: 1024 * 1024);
        objects.Reverse();

        foreach (var item in objects)
        {
            Assert.NotNull(await index.FindObjectAsync(item, CancellationToken.None));
        }

        Assert.Equal(0, index.PartsLoaded);
    }

    [Fact]
    public async Task FindObjectAsync_SeveralReadersInAnyOrder_FindEverything()
    {
        var objects = Objects(400);
        var pages = Enumerable.Range(1, 200).Select(number => MadeUpBackup.Page("t", number)).ToList();
        using var index = await OpenAsync([.. Entries(objects), .. pages]);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(reader => Task.Run(async () =>
        {
            var (shuffledObjects, numbers) = (objects.ToArray(), Enumerable.Range(1, pages.Count).ToArray());
            new Random(reader).Shuffle(shuffledObjects);
            new Random(reader).Shuffle(numbers);
            for (var i = 0; i < numbers.Length; i++)
            {
                Assert.NotNull(await index.FindObjectAsync(shuffledObjects[i], CancellationToken.None));
                Assert.Equal(numbers[i], (await FindPageAsync(index, "t", numbers[i]))!.RawBytes);
            }
        })));
    }

    [Fact]
    public async Task FindObjectAsync_PartDamagedSince_SaysSo()
    {
        var objects = Objects(200);
        using var index = await OpenAsync(Entries(objects));
        for (var part = 1; part <= 200 / PerPart; part++)
        {
            await _sink.WriteObjectAsync(ArchiveNames.InSink(ArchiveBuilder.Id, ArchiveNames.IndexPart(part)), [1, 2, 3]);
        }

        await Assert.ThrowsAsync<ArchiveFormatException>(async () =>
        {
            foreach (var item in objects)
            {
                await index.FindObjectAsync(item, CancellationToken.None);
            }
        });
    }

    [Fact]
    public async Task OpenAsync_DamagedPart_SaysSo()
    {
        var reader = await MadeUpBackup.WriteAsync(_sink, Entries(Objects(10)));
        await _sink.WriteObjectAsync(ArchiveNames.InSink(ArchiveBuilder.Id, ArchiveNames.IndexPart(1)), [1, 2, 3]);

        await Assert.ThrowsAsync<ArchiveFormatException>(() => ParentIndex.OpenAsync(reader, MemoryBytes, CancellationToken.None));
    }

    private static List<StoredObject> Objects(int count) =>
    [
        .. Enumerable.Range(0, count).Select(number => new StoredObject
        {
            Bucket = "b",
            Name = $"{number / 100}/{number:D5}.bin",
            Bytes = number,
            ETag = $"\"{number}\"",
            Version = $"v{number}",
            UpdatedAt = Then.AddSeconds(number),
        }),
    ];

    private static IEnumerable<IndexEntry> Entries(IEnumerable<StoredObject> objects) => objects.Select(MadeUpBackup.Object);

    private static IEnumerable<IndexEntry> Referenced(IEnumerable<StoredObject> objects) =>
        Entries(objects).Select(entry => entry with { Backup = MadeUpBackup.Older });

    private static ValueTask<ParentEntry?> FindPageAsync(ParentIndex index, string table, int number) => index.FindPageAsync(
        new TableRecord
        {
            Schema = "public",
            Name = table,
            Path = EntryPaths.TableFolder("public", table),
            Columns = [],
            Pages = 1,
            Rows = 0,
            RawBytes = 0,
        },
        number,
        CancellationToken.None);

    private async Task<ParentIndex> OpenAsync(
        IEnumerable<IndexEntry> own, IEnumerable<IndexEntry>? referenced = null, long memoryBytes = MemoryBytes) =>
        await ParentIndex.OpenAsync(await MadeUpBackup.WriteAsync(_sink, own, referenced, PerPart), memoryBytes, CancellationToken.None);
}
