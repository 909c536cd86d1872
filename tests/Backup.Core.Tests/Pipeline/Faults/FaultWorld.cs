using System.Collections.Concurrent;
using Backup.Core.ObjectStores;
using Backup.Core.Tests.Pipeline.Fakes;
using Backup.TestKit.Storage;

namespace Backup.Core.Tests.Pipeline.Faults;

/// <summary>What there is to back up, drawn from a seed, and every version that its objects ever had.</summary>
internal sealed class FaultWorld
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<FaultVersion>> _versions = new(StringComparer.Ordinal);
    private readonly List<FaultState> _states = [];
    private readonly FaultShape _shape;
    private readonly Random _random;
    private List<InMemoryTable> _tables;
    private int _made;

    /// <summary>Draws tables and objects.</summary>
    public FaultWorld(int seed, FaultShape shape)
    {
        _shape = shape;
        _random = new Random(seed);
        Store = StoreScene.Store(new ObjectStoreCapabilities
        {
            Location = "memory",
            ListsUserMetadata = _random.Next(4) > 0,
            IsListedInDatabase = shape.IsListedInDatabase,
            SupportsRanges = shape.SupportsRanges,
        });
        _tables = [.. Enumerable.Range(0, _random.Next(1, _random.Next(3) == 0 ? 12 : 4)).Select(_ => DrawTable())];
        foreach (var bucket in (string[])["a", "b"])
        {
            Store.With(new BucketInfo { Id = bucket, Name = bucket });
            for (var number = _random.Next(0, 8); number > 0; number--)
            {
                Add(bucket);
            }
        }

        Source = NewSource();
    }

    /// <summary>The database as the part that was begun last sees it.</summary>
    public InMemoryRowSource Source { get; private set; }

    /// <summary>The store.</summary>
    public InMemoryObjectStore Store { get; }

    /// <summary>What there was when each part began.</summary>
    public IReadOnlyList<FaultState> States => _states;

    /// <summary>The versions of an object, the oldest first.</summary>
    public IReadOnlyList<FaultVersion> VersionsOf(string item) => _versions.TryGetValue(item, out var versions) ? [.. versions] : [];

    /// <summary>Begins a part of the run, before which rows and objects may change.</summary>
    public void BeginPart(DateTimeOffset at)
    {
        if (_shape.Changes && _states.Count > 0)
        {
            Change();
        }

        Source = NewSource();
        _states.Add(new FaultState(at, [.. _tables], Store.Objects.ToDictionary(
            item => $"{item.Bucket}/{item.Name}", item => VersionsOf($"{item.Bucket}/{item.Name}")[^1])));
    }

    /// <summary>Changes rows and objects, some of them.</summary>
    public void Change()
    {
        ChangeTables();
        ChangeObjects();
    }

    /// <summary>Overwrites an object, every other time by one of the same size.</summary>
    public void Replace(string bucket, string name)
    {
        var number = Interlocked.Increment(ref _made);
        var bytes = VersionsOf($"{bucket}/{name}")[^1].Content.Length;
        Put(bucket, name, StoreScene.Content(-number, number % 2 == 0 ? bytes : bytes + number));
    }

    /// <summary>Removes an object.</summary>
    public void Remove(string bucket, string name) => Store.Remove(bucket, name);

    private InMemoryRowSource NewSource() => new([.. _tables])
    {
        Objects = _shape.HasStore ? Store : null,
        SharesConnection = _shape.SharesConnection,
        HidesSizes = _shape.HidesSizes,
        MaxReadBytes = _shape.MaxReadBytes,
    };

    private InMemoryTable DrawTable()
    {
        var isWhole = _random.Next(4) == 0;
        var blocks = Enumerable.Range(0, isWhole ? 1 : _random.Next(0, 6)).Select(_ => DrawRows()).ToArray();
        return new InMemoryTable($"t{_made++:d3}", blocks) { IsWhole = isWhole };
    }

    private byte[] DrawRows()
    {
        var most = _random.Next(6) == 0 ? 20_000 : 2000;
        return InMemoryTable.Rows([.. Enumerable.Range(0, _random.Next(0, 12)).Select(_ => _random.Next(1, most))]);
    }

    // Most tables stay, some have other rows, some are another table of the same name, and some are gone.
    private void ChangeTables()
    {
        _tables =
        [
            .. from table in _tables
               let change = _random.Next(8)
               where change != 0
               select change switch
               {
                   1 => table with { Blocks = [.. table.Blocks.Select(_ => DrawRows())] },
                   3 when table.Blocks.Length > 0 => table with { Blocks = [DrawRows(), .. table.Blocks[1..]] },
                   2 => table with { Blocks = [.. table.Blocks, DrawRows()], IsWhole = false, Fingerprint = $"made {_made++}" },
                   _ => table,
               },
            DrawTable(),
        ];
    }

    private void ChangeObjects()
    {
        foreach (var item in Store.Objects)
        {
            switch (_random.Next(6))
            {
                case 0:
                    Remove(item.Bucket, item.Name);
                    break;
                case 1:
                    Replace(item.Bucket, item.Name);
                    break;
            }
        }

        Add("a");
    }

    private void Add(string bucket)
    {
        var bytes = _random.Next(6) == 0 ? _random.Next(30_000, 100_000) : _random.Next(0, 10_000);
        Put(bucket, $"folder/{_made++:d3}", StoreScene.Content(_random.Next(), bytes));
    }

    private void Put(string bucket, string name, byte[] content)
    {
        StoreScene.Set(Store, bucket, name, content);
        var stored = Store.Objects.Single(item => item.Bucket == bucket && item.Name == name);
        _versions.GetOrAdd($"{bucket}/{name}", _ => []).Enqueue(new FaultVersion(stored, content));
    }
}
