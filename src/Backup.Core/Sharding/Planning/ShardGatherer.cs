namespace Backup.Core.Sharding.Planning;

/// <summary>Puts small things together until they are a shard, and gives all shards their numbers.</summary>
/// <param name="targetBytes">The size of a shard.</param>
internal sealed class ShardGatherer(long targetBytes)
{
    private readonly List<Shard> _shards = [];
    private List<ShardTable> _tables = [];
    private List<ShardRange> _ranges = [];
    private long _tableBytes;
    private long _rangeBytes;

    /// <summary>The size of a shard, in bytes.</summary>
    public long TargetBytes => targetBytes;

    /// <summary>Adds pages that are a shard by themselves.</summary>
    public void AddAlone(ShardTable table, long bytes) => _shards.Add(new Shard { Id = 0, Tables = [table], EstimatedBytes = bytes });

    /// <summary>Adds objects that are a shard by themselves.</summary>
    public void AddAlone(ShardRange range, long bytes) => _shards.Add(new Shard { Id = 0, Ranges = [range], EstimatedBytes = bytes });

    /// <summary>Adds pages that share a shard with others.</summary>
    public void Add(ShardTable table, long bytes)
    {
        _tables.Add(table);
        _tableBytes += bytes;
        if (_tableBytes >= targetBytes)
        {
            FlushTables();
        }
    }

    /// <summary>Adds objects that share a shard with others.</summary>
    public void Add(ShardRange range, long bytes)
    {
        _ranges.Add(range);
        _rangeBytes += bytes;
        if (_rangeBytes >= targetBytes)
        {
            FlushRanges();
        }
    }

    /// <summary>All shards, the largest first.</summary>
    public IReadOnlyList<Shard> ToShards()
    {
        FlushTables();
        FlushRanges();
        return [.. _shards.OrderByDescending(shard => shard.EstimatedBytes).Select((shard, index) => shard with { Id = index + 1 })];
    }

    private void FlushTables()
    {
        if (_tables.Count > 0)
        {
            _shards.Add(new Shard { Id = 0, Tables = _tables, EstimatedBytes = _tableBytes });
            (_tables, _tableBytes) = ([], 0);
        }
    }

    private void FlushRanges()
    {
        if (_ranges.Count > 0)
        {
            _shards.Add(new Shard { Id = 0, Ranges = _ranges, EstimatedBytes = _rangeBytes });
            (_ranges, _rangeBytes) = ([], 0);
        }
    }
}
