namespace Backup.Core.Archives.Referencing;

/// <summary>The entries of one part of a parent's index, in arrays: about 130 bytes for each, and few texts. Immutable.</summary>
internal sealed class ParentPart
{
    private readonly BackupId _parent;
    private readonly ReadOnlyMemory<UInt128> _keys;
    private readonly int[] _places;
    private readonly ParentSlot[] _slots;
    private readonly ParentTexts _texts;

    /// <summary>Takes over what a <see cref="ParentPartBuilder"/> gathered.</summary>
    /// <param name="parent">The parent.</param>
    /// <param name="keys">The keys, in any order; sorted here.</param>
    /// <param name="slots">The entry of each key.</param>
    /// <param name="texts">What the entries refer to.</param>
    /// <param name="bytes">The memory that all of it takes.</param>
    public ParentPart(BackupId parent, Memory<UInt128> keys, ParentSlot[] slots, ParentTexts texts, long bytes)
    {
        _parent = parent;
        _slots = slots;
        _texts = texts;
        _places = new int[keys.Length];
        for (var place = 0; place < _places.Length; place++)
        {
            _places[place] = place;
        }

        keys.Span.Sort(_places.AsSpan());
        _keys = keys;
        Bytes = bytes;
    }

    /// <summary>About how much memory it takes, in bytes.</summary>
    public long Bytes { get; }

    /// <summary>Looks an entry up.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="slot">The entry, when it is there.</param>
    public bool TryFind(UInt128 key, out ParentSlot slot)
    {
        var place = _keys.Span.BinarySearch(key);
        slot = place < 0 ? default : _slots[_places[place]];
        return place >= 0;
    }

    /// <summary>All that is known of an entry.</summary>
    /// <param name="slot">What <see cref="TryFind"/> gave.</param>
    /// <param name="expectedPath">The path that the entry has unless it says otherwise.</param>
    public ParentEntry ToEntry(in ParentSlot slot, string expectedPath) => new()
    {
        Backup = slot.Backup == ParentSlot.None ? _parent : _texts.Backups[slot.Backup],
        PathThere = slot.Path == ParentSlot.None ? expectedPath : _texts.PathOf(slot.Path, expectedPath),
        Volume = slot.Volume,
        Offset = slot.Offset,
        Method = slot.Method,
        RawBytes = slot.Mark.Bytes,
        StoredBytes = slot.StoredBytes,
        Crc32 = slot.Crc32,
        Digest = slot.Digest,
        Properties = slot.Properties == ParentSlot.None ? null : _texts.Properties[slot.Properties],
    };
}
