using System.Collections.Concurrent;
using Backup.Core.ObjectStores;
using Backup.Core.Tests.Pipeline.Fakes;
using Backup.TestKit.Storage;

namespace Backup.Core.Tests.Pipeline.Faults;

/// <summary>What there is to back up, drawn from a seed, and every version that its objects ever had.</summary>
internal sealed class FaultWorld
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<FaultVersion>> _versions = new(StringComparer.Ordinal);
    private int _replacements;

    /// <summary>Draws tables and objects.</summary>
    public FaultWorld(int seed, FaultShape shape)
    {
        var random = new Random(seed);
        Store = StoreScene.Store(new ObjectStoreCapabilities
        {
            Location = "memory",
            ListsUserMetadata = random.Next(4) > 0,
            IsListedInDatabase = shape.IsListedInDatabase,
            SupportsRanges = shape.SupportsRanges,
        });
        Tables = [.. Enumerable.Range(0, random.Next(1, random.Next(3) == 0 ? 12 : 4)).Select(number => DrawTable(random, number))];
        DrawObjects(random);
        Source = new InMemoryRowSource(Tables)
        {
            Objects = shape.HasStore ? Store : null,
            SharesConnection = shape.SharesConnection,
            HidesSizes = shape.HidesSizes,
            MaxReadBytes = shape.MaxReadBytes,
        };
    }

    /// <summary>The tables.</summary>
    public InMemoryTable[] Tables { get; }

    /// <summary>The database.</summary>
    public InMemoryRowSource Source { get; }

    /// <summary>The store.</summary>
    public InMemoryObjectStore Store { get; }

    /// <summary>All objects that there were at the start, as <c>bucket/name</c>.</summary>
    public IEnumerable<string> Objects => _versions.Keys;

    /// <summary>The versions of an object, the oldest first: that is the one of the snapshot.</summary>
    public IReadOnlyList<FaultVersion> VersionsOf(string item) => _versions.TryGetValue(item, out var versions) ? [.. versions] : [];

    /// <summary>Overwrites an object, every other time by one of the same size.</summary>
    public void Replace(string bucket, string name)
    {
        var number = Interlocked.Increment(ref _replacements);
        var bytes = VersionsOf($"{bucket}/{name}")[^1].Content.Length;
        Put(bucket, name, StoreScene.Content(-number, number % 2 == 0 ? bytes : bytes + number));
    }

    /// <summary>Removes an object.</summary>
    public void Remove(string bucket, string name) => Store.Remove(bucket, name);

    private static InMemoryTable DrawTable(Random random, int number)
    {
        var isWhole = random.Next(4) == 0;
        var blocks = Enumerable.Range(0, isWhole ? 1 : random.Next(0, 6)).Select(_ => DrawRows(random)).ToArray();
        return new InMemoryTable($"t{number:d2}", blocks) { IsWhole = isWhole };
    }

    private static byte[] DrawRows(Random random)
    {
        var most = random.Next(6) == 0 ? 20_000 : 2000;
        return InMemoryTable.Rows([.. Enumerable.Range(0, random.Next(0, 12)).Select(_ => random.Next(1, most))]);
    }

    private void DrawObjects(Random random)
    {
        foreach (var bucket in (string[])["a", "b"])
        {
            Store.With(new BucketInfo { Id = bucket, Name = bucket });
            for (var number = random.Next(0, 8); number > 0; number--)
            {
                var bytes = random.Next(6) == 0 ? random.Next(30_000, 100_000) : random.Next(0, 10_000);
                Put(bucket, $"folder/{number:d2}", StoreScene.Content(random.Next(), bytes));
            }
        }
    }

    private void Put(string bucket, string name, byte[] content)
    {
        StoreScene.Set(Store, bucket, name, content);
        var stored = Store.Objects.Single(item => item.Bucket == bucket && item.Name == name);
        _versions.GetOrAdd($"{bucket}/{name}", _ => []).Enqueue(new FaultVersion(stored, content));
    }
}
