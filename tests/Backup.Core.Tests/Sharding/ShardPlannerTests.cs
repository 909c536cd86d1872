using System.Text.Json;
using Backup.Core.Archives;
using Backup.Core.Archives.Resuming;
using Backup.Core.ObjectStores;
using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Sources;
using Backup.Core.Postgres;
using Backup.Core.Sharding.Planning;
using Backup.Core.Sharding.Processes;
using Backup.Core.Tests.Pipeline.Fakes;

namespace Backup.Core.Tests.Sharding;

public class ShardPlannerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Add_AnyTables_EachPageIsInOneShard(int seed)
    {
        var random = new Random(seed);
        var tables = Enumerable.Range(0, 60).Select(number => RunOf(number, random)).ToList();
        var shards = new ShardGatherer(random.NextInt64(1, 40_000_000));

        tables.ForEach(table => TableCuts.Add(table, shards));

        var planned = shards.ToShards().SelectMany(shard => shard.Tables)
            .SelectMany(table => Enumerable.Range(table.FirstPage, table.EndPage - table.FirstPage).Select(page => $"{table.Info.Name} {page}"));
        var expected = tables.SelectMany(table => PagePlanner.Plan(table.Info, table.Layout).Select(page => $"{table.Info.Name} {page.Number}"));
        Assert.Equal(expected.Order(StringComparer.Ordinal), planned.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ToShards_OfUnequalSize_AreTheLargestFirstAndNumbered()
    {
        var random = new Random(7);
        var shards = new ShardGatherer(3_000_000);
        foreach (var number in Enumerable.Range(0, 40))
        {
            TableCuts.Add(RunOf(number, random), shards);
        }

        var planned = shards.ToShards();

        Assert.Equal(planned.OrderByDescending(shard => shard.EstimatedBytes), planned);
        Assert.Equal(Enumerable.Range(1, planned.Count), planned.Select(shard => shard.Id));
        Assert.True(planned.Count > 5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task AddAsync_LargeBucket_EachNameIsInOneRange(int seed)
    {
        var random = new Random(seed);
        var (listing, bucket, names) = Bucket(Enumerable.Range(0, 300).Select(_ => NameOf(random)).Distinct());
        var shards = new ShardGatherer(random.Next(1, 40) * ShardSizes.ItemBytes);

        await new NameCuts(listing, "").AddAsync(bucket, shards, CancellationToken.None);

        var ranges = shards.ToShards().SelectMany(shard => shard.Ranges).ToList();
        Assert.True(ranges.Count > 1);
        var listed = new List<string>();
        foreach (var range in ranges)
        {
            var part = await NamesAsync(listing, range);
            Assert.Equal(range.Objects, part.Count);
            listed.AddRange(part);
        }

        Assert.Equal(names.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task AddAsync_NamesOfOtherRangesClash_AreMarkedInThePlan()
    {
        string[] names = [.. Enumerable.Range(0, 40).Select(n => $"A/{n:D2}"), .. Enumerable.Range(0, 40).Select(n => $"a/{n:D2}")];
        var (listing, bucket, _) = Bucket(names);
        var shards = new ShardGatherer(10 * ShardSizes.ItemBytes);

        await new NameCuts(listing, "").AddAsync(bucket, shards, CancellationToken.None);

        var together = new ObjectPaths();
        var expected = listing.Names.ToDictionary(name => name, name => together.Assign("b", name));
        foreach (var range in shards.ToShards().SelectMany(shard => shard.Ranges))
        {
            var paths = new ObjectPaths();
            paths.Prescribe("b", range.Marked!);
            foreach (var name in await NamesAsync(listing, range))
            {
                Assert.Equal(expected[name], paths.Assign("b", name));
            }
        }

        Assert.Equal(expected.Count, expected.Values.Select(path => path.ToUpperInvariant()).Distinct().Count());
    }

    [Fact]
    public async Task AddAsync_StoreListsItself_TheBucketIsOneShard()
    {
        var store = StoreScene.Store("b");
        var bucket = new BucketRun(new ChosenBucket(store.Buckets[0], null, null), default, TimeProvider.System);
        var shards = new ShardGatherer(1);

        await new NameCuts(new StoreListing(store, store.Buckets), "").AddAsync(bucket, shards, CancellationToken.None);

        var range = Assert.Single(Assert.Single(shards.ToShards()).Ranges);
        Assert.Equal(new ShardRange { Bucket = "b" }, range);
    }

    [Fact]
    public void Plan_AsJson_IsTheSamePlan()
    {
        var shards = new ShardGatherer(100_000);
        TableCuts.Add(RunOf(3, new Random(5)), shards);
        shards.AddAlone(new ShardRange { Bucket = "b", First = "a\n", End = "é", Objects = 3, Marked = new Dictionary<string, string> { ["x"] = "y" } }, 5);
        var plan = new ShardPlan
        {
            Run = BackupId.Create(DateTimeOffset.UnixEpoch),
            Snapshot = new SharedSnapshot("00000003-1", InfoOf()),
            Listing = ObjectListingMethod.Database,
            Prefix = "p",
            Shards = shards.ToShards(),
        };

        var text = JsonSerializer.Serialize(plan, WorkerJson.Default.ShardPlan);
        var copy = JsonSerializer.Deserialize(text, WorkerJson.Default.ShardPlan)!;

        Assert.Equal(text, JsonSerializer.Serialize(copy, WorkerJson.Default.ShardPlan));
        Assert.Equal(plan.Snapshot, copy.Snapshot);
        Assert.Equal(plan.Shards[0].Tables[0].Info.Name, copy.Shards[0].Tables[0].Info.Name);
        Assert.Equal(plan.Shards[0].Tables[0].Info.Oid, copy.Shards[0].Tables[0].Info.Oid);
    }

    private static SnapshotInfo InfoOf() => new()
    {
        DatabaseName = "d",
        ServerVersion = "15.1",
        ServerVersionNumber = 150001,
        Encoding = "UTF8",
        TakenAt = DateTimeOffset.UnixEpoch,
        Lsn = null,
        IsStandby = false,
    };

    private static TableRun RunOf(int number, Random random)
    {
        var blocks = random.Next(3) == 0 ? 0 : random.NextInt64(1, 5_000);
        var info = new TableInfo
        {
            Oid = (uint)number,
            Name = new QualifiedName("public", $"t{number}"),
            Columns = ["c"],
            HeapBlocks = blocks,
            TotalBytes = blocks * random.Next(8192, 40_000),
            SupportsCtidRanges = random.Next(5) > 0,
        };
        var layout = PagePlanner.LayoutOf(info, new PageLimits { TargetBytes = 1024 * 1024 });
        return new TableRun(info, new TableStart { Folder = $"database/data/public.t{number}/", Layout = layout }, TimeProvider.System);
    }

    private static (NamesListing Listing, BucketRun Bucket, IReadOnlyList<string> Names) Bucket(IEnumerable<string> names)
    {
        var listing = new NamesListing([.. names.Order(Utf8Order.Instance)]);
        var bucket = new ChosenBucket(new BucketInfo { Id = "b", Name = "b" }, listing.Names.Count, listing.Names.Count * 10L);
        return (listing, new BucketRun(bucket, default(StoredBucket), TimeProvider.System), listing.Names);
    }

    private static async Task<List<string>> NamesAsync(ObjectListing listing, ShardRange range)
    {
        var names = new List<string>();
        await foreach (var item in listing.ListRangeAsync(range.Bucket, "", range.First, range.End, CancellationToken.None))
        {
            names.Add(item.Name);
        }

        return names;
    }

    private static string NameOf(Random random) => string.Concat(
        Enumerable.Range(0, random.Next(1, 6)).Select(_ => new[] { "a", "b", "/", "é", "A", "\U0001F600", "\uFFFD" }[random.Next(7)])).Trim('/') + "x";

    private sealed class NamesListing(IReadOnlyList<string> names) : ObjectListing
    {
        public IReadOnlyList<string> Names => names;

        public override ObjectListingMethod Method => ObjectListingMethod.Database;

        public override bool HasUserMetadata => true;

        public override Task<IReadOnlyList<ChosenBucket>> FindBucketsAsync(ObjectSelection selection, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public override async IAsyncEnumerable<StoredObject> ListObjectsAsync(
            string bucket, string prefix, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            foreach (var name in names)
            {
                await Task.CompletedTask;
                yield return new StoredObject { Bucket = bucket, Name = name, Bytes = 10 };
            }
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
