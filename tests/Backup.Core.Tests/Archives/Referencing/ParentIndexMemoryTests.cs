using Backup.Core.Archives;
using Backup.Core.Archives.Referencing;
using Backup.Core.ObjectStores;
using Backup.Core.Sinks;
using Backup.Core.Tests.Archives.Indexing;
using Backup.TestKit;
using Backup.TestKit.Archives;

namespace Backup.Core.Tests.Archives.Referencing;

/// <summary>Measures the heap of the whole process, so nothing may run beside it.</summary>
[Collection(nameof(IndexMemoryTests))]
public sealed class ParentIndexMemoryTests : IAsyncLifetime, IDisposable
{
    private const int Entries = 1_000_000;
    private const int PerPart = ArchiveLimits.MaxEntriesPerIndexPart;
    private const int Parts = (Entries / PerPart) + 1;
    private const long MemoryBytes = 8 * 1024 * 1024;

    // What is kept, a part that is being loaded, and the directory.
    private const long MostLiveBytes = MemoryBytes + (6 * 1024 * 1024);

    private readonly TemporaryFolder _folder = new();

    // Before the test, so that nothing of it is left when memory is measured.
    public Task InitializeAsync() => WriteAsync(new DirectorySink(_folder.Path));

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task FindObjectAsync_OneMillionEntries_StaysWithinItsMemory()
    {
        var reader = await ArchiveReader.OpenAsync(new DirectorySink(_folder.Path), ArchiveBuilder.Id, CancellationToken.None);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        using var index = await ParentIndex.OpenAsync(reader, MemoryBytes, CancellationToken.None);
        var opened = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.NotNull(await index.FindObjectAsync(ObjectOf("b", 7), CancellationToken.None));
        Assert.NotNull(await index.FindEntryAsync(MadeUpBackup.Page("t", 7).Path, CancellationToken.None));
        Assert.Null(await index.FindObjectAsync(ObjectOf("b", 7) with { Name = ObjectOf("b", 7).Name + "x" }, CancellationToken.None));

        // What is not there may be in every part whose names lie around it: all of those were loaded.
        Assert.InRange(index.PartsLoaded, Parts / 4, Parts);
        Assert.InRange(Math.Max(opened, GC.GetTotalMemory(forceFullCollection: true) - before), MemoryBytes / 2, MostLiveBytes);
        Assert.InRange(index.Bytes, MemoryBytes / 2, MemoryBytes);
    }

    // Three different parts over and over: memory does not know, and a million lines need not be packed.
    private static Task<ArchiveReader> WriteAsync(DirectorySink sink)
    {
        IndexEntry[][] parts =
        [
            [.. Numbers.Select(number => MadeUpBackup.Page("t", number))],
            [.. Numbers.Select(number => MadeUpBackup.Object(ObjectOf("a", number)))],
            [.. Numbers.Select(number => MadeUpBackup.Object(ObjectOf("b", number)) with { Backup = MadeUpBackup.Older })],
        ];
        return MadeUpBackup.WritePartsAsync(
            sink, Enumerable.Range(0, Parts * 2 / 3).Select(part => parts[part % 2]), Enumerable.Repeat(parts[2], Parts / 3));
    }

    private static IEnumerable<int> Numbers => Enumerable.Range(1, PerPart);

    private static StoredObject ObjectOf(string bucket, int number) => new()
    {
        Bucket = bucket,
        Name = $"users/{number / 1000:D4}/object {number:D7}.jpg",
        Bytes = number,
        ETag = $"\"{number * 40503L:x32}\"",
        ContentType = "image/jpeg",
        CacheControl = "max-age=3600",
        UserMetadata = """{"camera":"Nikon Coolpix"}""",
        UpdatedAt = DateTimeOffset.UnixEpoch.AddMinutes(number + 1),
    };
}
