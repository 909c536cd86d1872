using Backup.Core.Archives.Indexing;
using Backup.Core.ObjectStores;
using Backup.Core.Sinks;

namespace Backup.Core.Archives.Resuming;

/// <summary>
/// Says which objects earlier parts of a run have stored, in about 4 MiB whatever their number: a filter over all of them, and of
/// the parts of the index that were last of use the keys of their objects. A part is read anew when it is needed and not kept.
/// </summary>
/// <remarks>
/// Used by one caller at a time. Fast where objects are asked for in about the order in which they were stored, as a listing does:
/// then most are found in the part where the one before was.
/// </remarks>
internal sealed class StoredObjectLookup
{
    private const int KeptParts = 8;

    private readonly IBackupSink _sink;
    private readonly BackupId _id;
    private readonly KeyFilter _filter;
    private readonly List<ObjectRange> _ranges = [];

    // The last used first.
    private readonly LinkedList<(ObjectRange Range, UInt128[] Keys)> _kept = [];

    /// <summary>Creates a lookup that holds nothing yet.</summary>
    /// <param name="sink">Where the backup lies.</param>
    /// <param name="id">The backup.</param>
    /// <param name="expected">About how many objects will be added.</param>
    public StoredObjectLookup(IBackupSink sink, BackupId id, long expected)
    {
        _sink = sink;
        _id = id;
        _filter = new KeyFilter(expected);
    }

    /// <summary>How many objects there are.</summary>
    public long Count { get; private set; }

    /// <summary>How often a part of the index was read for a look-up.</summary>
    public int PartsRead { get; private set; }

    /// <summary>Adds an object; the objects of one part of the index follow one another.</summary>
    /// <param name="part">The part of the index or of the references that lists it.</param>
    /// <param name="stored">The object.</param>
    public void Add(IndexFile part, StoredObject stored)
    {
        var key = (stored.Bucket, stored.Name);
        if (_ranges.Count == 0 || _ranges[^1].Part != part)
        {
            _ranges.Add(new ObjectRange(part) { First = key, Last = key });
        }

        var range = _ranges[^1];
        range.First = ObjectKeys.Compare(key, range.First) < 0 ? key : range.First;
        range.Last = ObjectKeys.Compare(key, range.Last) > 0 ? key : range.Last;
        _filter.Add(ObjectKeys.Of(stored.Bucket, stored.Name));
        Count++;
    }

    /// <summary>Says whether an object was stored by an earlier part.</summary>
    /// <param name="bucket">The bucket's id.</param>
    /// <param name="name">The object's true name.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <exception cref="Errors.ArchiveFormatException">A part of the index has been damaged since.</exception>
    /// <exception cref="Errors.SinkException">The sink cannot be read.</exception>
    public async ValueTask<bool> HoldsAsync(string bucket, string name, CancellationToken cancellationToken)
    {
        var key = ObjectKeys.Of(bucket, name);
        if (!_filter.MayHold(key))
        {
            return false;
        }

        for (var node = _kept.First; node is not null; node = node.Next)
        {
            if (Array.BinarySearch(node.Value.Keys, key) >= 0)
            {
                _kept.Remove(node);
                _kept.AddFirst(node);
                return true;
            }
        }

        foreach (var range in _ranges)
        {
            if (range.MayHold((bucket, name)) && !_kept.Any(kept => kept.Range == range)
                && Array.BinarySearch(await LoadAsync(range, cancellationToken).ConfigureAwait(false), key) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    private async ValueTask<UInt128[]> LoadAsync(ObjectRange range, CancellationToken cancellationToken)
    {
        var keys = new List<UInt128>(range.Part.Entries);
        await foreach (var entry in new IndexPartReader(_sink, _id, range.Part).ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (entry.Object is { } stored)
            {
                keys.Add(ObjectKeys.Of(stored.Bucket, stored.Name));
            }
        }

        keys.Sort();
        var sorted = keys.ToArray();
        PartsRead++;
        _kept.AddFirst((range, sorted));
        if (_kept.Count > KeptParts)
        {
            _kept.RemoveLast();
        }

        return sorted;
    }

    /// <summary>A part of the index and the least and the greatest of its objects.</summary>
    private sealed class ObjectRange(IndexFile part)
    {
        public IndexFile Part { get; } = part;

        public (string Bucket, string Name) First { get; set; }

        public (string Bucket, string Name) Last { get; set; }

        public bool MayHold((string Bucket, string Name) key) =>
            ObjectKeys.Compare(key, First) >= 0 && ObjectKeys.Compare(key, Last) <= 0;
    }
}
