using System.Globalization;

namespace Backup.Core.Benchmarks.Packing;

/// <summary>A codec at one level; ordered by both, so that level 12 comes after 3.</summary>
/// <param name="Name">The codec.</param>
/// <param name="Level">The level; <c>null</c> where the codec has none.</param>
public readonly record struct CodecLevel(string Name, int? Level) : IComparable
{
    public int CompareTo(object? obj) => obj is CodecLevel other
        ? (string.CompareOrdinal(Name, other.Name), Nullable.Compare(Level, other.Level)) switch { (0, var level) => level, var (name, _) => name }
        : 1;

    public override string ToString() =>
        Level is { } level ? string.Create(CultureInfo.InvariantCulture, $"{Name} {level}") : Name;
}
