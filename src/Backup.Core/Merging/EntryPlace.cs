namespace Backup.Core.Merging;

/// <summary>Where an entry lies among all volumes that a merge reads: they are copied in this order.</summary>
/// <param name="Volume">The volume's <see cref="SourceVolume.Ordinal"/>.</param>
/// <param name="Offset">Where the entry's local header begins, in bytes.</param>
/// <param name="Path">The entry's path: several may be of the same bytes.</param>
internal readonly record struct EntryPlace(int Volume, long Offset, string Path) : IComparable<EntryPlace>
{
    /// <summary>Before every entry.</summary>
    public static EntryPlace First => new(-1, 0, string.Empty);

    /// <summary>After every entry.</summary>
    public static EntryPlace Last => new(int.MaxValue, long.MaxValue, string.Empty);

    /// <inheritdoc/>
    public int CompareTo(EntryPlace other)
    {
        var order = Volume.CompareTo(other.Volume);
        order = order != 0 ? order : Offset.CompareTo(other.Offset);
        return order != 0 ? order : string.CompareOrdinal(Path, other.Path);
    }
}
