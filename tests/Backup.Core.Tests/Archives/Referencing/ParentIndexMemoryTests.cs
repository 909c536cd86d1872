using Backup.Core.Archives;
using Backup.Core.Archives.Referencing;
using Backup.Core.ObjectStores;
using Backup.Core.Sinks;
using Backup.Core.Tests.Archives.Indexing;
using Backup.TestKit;

namespace Backup.Core.Tests.Archives.Referencing;

/// <summary>Measures the heap of the whole process, so nothing may run beside it.</summary>
[Collection(nameof(IndexMemoryTests))]
public sealed class ParentIndexMemoryTests
{
    private const int Entries = 1_000_000;
    private const int Pages = 100_000;

    // All parts are loaded for these, which is what takes memory.
    private const int Step = 7;
    private const long MemoryBytes = 8 * 1024 * 1024;

    // What is kept, a part that is being loaded, and the directory.
    private const long MostLiveBytes = MemoryBytes + (6 * 1024 * 1024);

    [Fact]
    public async Task FindObjectAsync_OneMillionEntries_StaysWithinItsMemory()
    {
        using var folder = new TemporaryFolder();
        var reader = await MadeUpBackup.WriteAsync(
            new DirectorySink(folder.Path), Numbers(0, Entries / 2).Select(EntryOf), Numbers(Entries / 2, Entries).Select(Referenced));
        var before = GC.GetTotalMemory(forceFullCollection: true);

        using var index = await ParentIndex.OpenAsync(reader, MemoryBytes, CancellationToken.None);
        var peak = GC.GetTotalMemory(forceFullCollection: true) - before;
        for (var number = 0; number < Entries; number += Step)
        {
            // Every tenth is looked for in vain: deleted and added names lie between those that stayed.
            var isMissing = number / Step % 10 == 9;
            Assert.Equal(!isMissing, await IsFoundAsync(index, number, isMissing));
            if (number % (Step * 20_000) == 0)
            {
                peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true) - before);
            }
        }

        Assert.InRange(peak, 0, MostLiveBytes);
        Assert.InRange(index.PartsLoaded, 1, (Entries / ArchiveLimits.MaxEntriesPerIndexPart) + 2);
    }

    private static IEnumerable<int> Numbers(int from, int to) => Enumerable.Range(from, to - from);

    private static IndexEntry EntryOf(int number) => number < Pages ? MadeUpBackup.Page("t", number + 1) : MadeUpBackup.Object(ObjectOf(number));

    private static IndexEntry Referenced(int number) => EntryOf(number) with { Backup = MadeUpBackup.Older };

    private static StoredObject ObjectOf(int number) => new()
    {
        Bucket = "bucket",
        Name = $"users/{number / 1000:D4}/object {number:D7}.jpg",
        Bytes = number,
        ETag = $"\"{number * 40503L:x32}\"",
        ContentType = "image/jpeg",
        CacheControl = "max-age=3600",
        UpdatedAt = DateTimeOffset.UnixEpoch.AddMinutes(number + 1),
    };

    private static async ValueTask<bool> IsFoundAsync(ParentIndex index, int number, bool isMissing)
    {
        if (number < Pages)
        {
            var path = EntryPaths.Page("database/data/public.t/", isMissing ? Entries + number : number + 1);
            return await index.FindEntryAsync(path, CancellationToken.None) is not null;
        }

        var item = ObjectOf(number);
        return await index.FindObjectAsync(isMissing ? item with { Name = item.Name + "x" } : item, CancellationToken.None) is not null;
    }
}
