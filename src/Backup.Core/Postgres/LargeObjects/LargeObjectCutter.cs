namespace Backup.Core.Postgres.LargeObjects;

/// <summary>
/// Cuts the row of all large objects into pages of about the same size, without knowing beforehand how much there is: when the cuts have
/// become many, every second one is given up and pages are twice as large from then on.
/// </summary>
/// <remarks>What is appended at the end leaves all earlier cuts where they are, as long as none has to be given up.</remarks>
internal sealed class LargeObjectCutter
{
    /// <summary>The default of the most cuts: they take little memory, and little room in what other processes are told of the plan.</summary>
    public const int DefaultMaxCuts = 8192;

    // Opening an object costs the server about as much as reading this much of one.
    private const long ObjectBytes = 1024;

    private readonly List<LargeObjectPlace> _cuts = [];
    private readonly int _maxCuts;
    private long _targetBytes;
    private long _bytes;

    /// <summary>Creates the cutter.</summary>
    /// <param name="targetBytes">The size of a page, in bytes; rounded up to whole chunks.</param>
    /// <param name="maxCuts">The most cuts that are kept: an even number.</param>
    public LargeObjectCutter(long targetBytes, int maxCuts = DefaultMaxCuts)
    {
        const int Chunk = LargeObjectQueries.ChunkBytes;
        _targetBytes = (Math.Max(1, targetBytes) + Chunk - 1) / Chunk * Chunk;
        _maxCuts = maxCuts;
    }

    /// <summary>Where pages begin.</summary>
    public IReadOnlyList<LargeObjectPlace> Cuts => _cuts;

    /// <summary>The bytes of all objects.</summary>
    public long TotalBytes { get; private set; }

    /// <summary>Takes in the next object.</summary>
    /// <param name="oid">Its oid, greater than that of the last one.</param>
    /// <param name="size">Its size in bytes.</param>
    public void Add(uint oid, long size)
    {
        TotalBytes += size;
        if (_cuts.Count == 0 || _bytes + ObjectBytes + size > _targetBytes)
        {
            Cut(new LargeObjectPlace(oid, 0));
        }

        var place = 0L;
        while (size - place > _targetBytes)
        {
            place += _targetBytes;
            Cut(new LargeObjectPlace(oid, place));
        }

        _bytes += ObjectBytes + size - place;
    }

    private void Cut(LargeObjectPlace place)
    {
        _cuts.Add(place);
        _bytes = 0;
        if (_cuts.Count <= _maxCuts)
        {
            return;
        }

        // The cut that was just made has an even index, so it stays.
        for (var kept = 1; 2 * kept < _cuts.Count; kept++)
        {
            _cuts[kept] = _cuts[2 * kept];
        }

        _cuts.RemoveRange((_cuts.Count + 1) / 2, _cuts.Count / 2);
        _targetBytes *= 2;
    }
}
