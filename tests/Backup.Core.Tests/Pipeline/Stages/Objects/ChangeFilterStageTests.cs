using System.Threading.Channels;
using Backup.Core.Archives.Referencing;
using Backup.Core.Compression;
using Backup.Core.ObjectStores;
using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Memory;
using Backup.Core.Pipeline.Sources;
using Backup.Core.Pipeline.Stages;
using Backup.Core.Pipeline.Stages.Objects;
using Backup.Core.Sinks;
using Backup.Core.Tests.Archives.Referencing;
using Backup.TestKit.Archives;

namespace Backup.Core.Tests.Pipeline.Stages.Objects;

/// <summary>What becomes of objects that a parent holds.</summary>
public sealed class ChangeFilterStageTests
{
    private readonly BucketRun _bucket = new(new ChosenBucket(new BucketInfo { Id = "b", Name = "b" }, null, null), default, TimeProvider.System);
    private readonly ObjectCounts _counts = new();
    private readonly MemoryBudget _room = new(1000);
    private readonly Channel<ArchiveItem> _finished = Channel.CreateBounded<ArchiveItem>(1000);
    private readonly Channel<ObjectTask> _wanted = Channel.CreateBounded<ObjectTask>(1000);

    [Fact]
    public async Task RunAsync_SameAndChangedAndNew_ReferencesWhatIsTheSame()
    {
        await RunAsync([ObjectOf(1), ObjectOf(2), ObjectOf(3)], [ObjectOf(1), ObjectOf(2) with { Version = "new" }, ObjectOf(4)]);

        var entry = Assert.Single(References()).Entry;
        Assert.Equal(MadeUpBackup.Object(ObjectOf(1)) with { Backup = ArchiveBuilder.Id }, entry);
        Assert.Equal(["2", "4"], await DownloadsAsync());
    }

    [Fact]
    public async Task RunAsync_Reference_CountsOnlyWhenItIsInTheArchive()
    {
        await RunAsync([ObjectOf(1)], [ObjectOf(1)]);
        var reference = Assert.Single(References());
        Assert.Equal(0, _counts.Capture().Done);

        reference.OnStored();
        reference.Dispose();

        Assert.Equal((1, 1, 1), (_counts.Capture().Done, _counts.Capture().Reused, _counts.Capture().ReusedBytes));
        Assert.Equal((1, 1, 1, 1), (Result.Objects, Result.Bytes, Result.ReusedObjects, Result.ReusedBytes));
        Assert.Equal(_room.TotalBytes, _room.AvailableBytes);
        _bucket.Prove();
    }

    [Fact]
    public async Task RunAsync_ListingWithoutMetadata_TakesItFromTheParent()
    {
        var held = ObjectOf(1) with { UserMetadata = """{"a":1}""", OwnerId = "o", ContentType = "text/old" };

        await RunAsync([held], [ObjectOf(1) with { ContentType = "text/new" }], listsEverything: false);

        var stored = Assert.Single(References()).Entry.Object!;
        Assert.Equal((held.UserMetadata, "o", "text/new"), (stored.UserMetadata, stored.OwnerId, stored.ContentType));
    }

    [Fact]
    public async Task RunAsync_ListingWithMetadata_IsTakenAsItIs()
    {
        await RunAsync([ObjectOf(1) with { UserMetadata = """{"a":1}""", OwnerId = "o" }], [ObjectOf(1)]);

        Assert.Equal(ObjectOf(1), Assert.Single(References()).Entry.Object);
    }

    [Fact]
    public async Task RunAsync_Preview_CountsAndSendsNothing()
    {
        await RunAsync([ObjectOf(1), ObjectOf(2)], [ObjectOf(1), ObjectOf(2) with { ETag = "x" }, ObjectOf(30)], isPreview: true);

        Assert.Empty(References());
        Assert.Empty(await DownloadsAsync());
        Assert.Equal((3, 33, 1, 1), (Result.Objects, Result.Bytes, Result.ReusedObjects, Result.ReusedBytes));
        Assert.Equal(_room.TotalBytes, _room.AvailableBytes);
    }

    [Fact]
    public async Task RunAsync_MoreReferencesThanPlaces_WaitsForTheArchive()
    {
        var objects = Enumerable.Range(1, ReferenceQueue.Places + 10).Select(ObjectOf).ToList();

        var running = RunAsync(objects, objects);
        var stored = 0;
        await foreach (var item in _finished.Reader.ReadAllAsync())
        {
            Assert.InRange(_finished.Reader.Count, 0, ReferenceQueue.Places);
            item.OnStored();
            item.Dispose();
            if (++stored == objects.Count)
            {
                break;
            }
        }

        await running;
        Assert.Equal(_room.TotalBytes, _room.AvailableBytes);
    }

    private BucketResult Result => _bucket.ToResult();

    private static StoredObject ObjectOf(int number) => new()
    {
        Bucket = "b",
        Name = $"{number}",
        Bytes = number,
        ETag = $"\"{number}\"",
        Version = $"v{number}",
        UpdatedAt = DateTimeOffset.UnixEpoch.AddSeconds(number + 1),
    };

    private async Task RunAsync(
        IReadOnlyList<StoredObject> held, IReadOnlyList<StoredObject> listed, bool listsEverything = true, bool isPreview = false)
    {
        var parent = await MadeUpBackup.WriteAsync(new InMemorySink(), held.Select(MadeUpBackup.Object));
        using var index = await ParentIndex.OpenAsync(parent, 1024 * 1024, CancellationToken.None);
        var rules = new ChangeRules(
            new NoCompressor(), null, new UnchangedObjects(index, listsEverything), isPreview, new ReferenceQueue(_finished.Writer), _counts);
        var input = Channel.CreateBounded<ListedObject>(1000);
        foreach (var item in listed)
        {
            _bucket.AddListed();
            input.Writer.TryWrite(new ListedObject(_bucket, item, await _room.AcquireAsync(1, CancellationToken.None)));
        }

        input.Writer.Complete();
        await new ChangeFilterStage(rules, input.Reader, _wanted.Writer).RunAsync(CancellationToken.None);
        _wanted.Writer.Complete();
    }

    private List<ReferenceItem> References()
    {
        var references = new List<ReferenceItem>();
        while (_finished.Reader.TryRead(out var item))
        {
            references.Add(Assert.IsAssignableFrom<ReferenceItem>(item));
        }

        return references;
    }

    private async Task<List<string>> DownloadsAsync()
    {
        var names = new List<string>();
        await foreach (var task in _wanted.Reader.ReadAllAsync())
        {
            names.Add(task.Item.Name);
        }

        return names;
    }
}
