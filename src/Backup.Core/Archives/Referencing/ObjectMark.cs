using Backup.Core.Archives.Resuming;
using Backup.Core.ObjectStores;

namespace Backup.Core.Archives.Referencing;

/// <summary>What tells versions of an object apart, in a fixed size. What is not known is zero, and of the size -1.</summary>
/// <param name="Version">A hash of the version.</param>
/// <param name="ETag">A hash of the ETag.</param>
/// <param name="UpdatedTicks">When the object was last stored, in ticks of UTC.</param>
/// <param name="Bytes">The size in bytes.</param>
internal readonly record struct ObjectMark(UInt128 Version, UInt128 ETag, long UpdatedTicks, long Bytes)
{
    /// <summary>The mark of an object.</summary>
    public static ObjectMark Of(StoredObject stored) => new(
        HashOf(stored.Version), HashOf(ETags.Bare(stored.ETag)), stored.UpdatedAt?.UtcTicks ?? 0, stored.Bytes ?? -1);

    /// <summary>
    /// Says whether two marks of one bucket and name are surely of the same bytes: size and time are known and equal, version or ETag is,
    /// and neither contradicts. Whatever is not known, or differs, may be another version.
    /// </summary>
    public bool IsSameAs(in ObjectMark other) =>
        Bytes >= 0 && Bytes == other.Bytes
        && UpdatedTicks != 0 && UpdatedTicks == other.UpdatedTicks
        && (IsKnownAndEqual(Version, other.Version) || IsKnownAndEqual(ETag, other.ETag))
        && !IsContradiction(Version, other.Version)
        && !IsContradiction(ETag, other.ETag);

    private static bool IsKnownAndEqual(UInt128 left, UInt128 right) => left == right && left != UInt128.Zero;

    private static bool IsContradiction(UInt128 left, UInt128 right) => left != right && left != UInt128.Zero && right != UInt128.Zero;

    private static UInt128 HashOf(string? text) => string.IsNullOrEmpty(text) ? UInt128.Zero : ObjectKeys.OfText(text);
}
