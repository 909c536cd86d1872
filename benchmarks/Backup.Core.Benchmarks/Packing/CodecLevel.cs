using System.Globalization;

namespace Backup.Core.Benchmarks.Packing;

/// <summary>A codec at one level; ordered by both, so that level 12 comes after 3.</summary>
/// <param name="Name">The codec.</param>
/// <param name="Level">The level; <c>null</c> where the codec has none.</param>
public readonly record struct CodecLevel(string Name, int? Level) : IComparable
{
    public int CompareTo(object? obj)
    {
        if (obj is not CodecLevel other)
        {
            return 1;
        }

        var byName = string.CompareOrdinal(Name, other.Name);
        return byName != 0 ? byName : Nullable.Compare(Level, other.Level);
    }

    public override string ToString() =>
        Level is { } level ? string.Create(CultureInfo.InvariantCulture, $"{Name} {level}") : Name;
}
