using Backup.Core.Archives.Resuming;

namespace Backup.Core.Archives.Referencing;

/// <summary>The least and the greatest of some objects, in the order of buckets, then of names.</summary>
/// <param name="First">The least.</param>
/// <param name="Last">The greatest.</param>
internal sealed record NameBounds((string Bucket, string Name) First, (string Bucket, string Name) Last)
{
    /// <summary>Bounds that hold one object more.</summary>
    /// <param name="bounds">The bounds before; <see langword="null"/> for the first object.</param>
    /// <param name="bucket">The bucket's id.</param>
    /// <param name="name">The object's true name.</param>
    public static NameBounds Widen(NameBounds? bounds, string bucket, string name)
    {
        var key = (bucket, name);
        return bounds is null ? new NameBounds(key, key)
            : ObjectKeys.Compare(key, bounds.First) < 0 ? bounds with { First = key }
            : ObjectKeys.Compare(key, bounds.Last) > 0 ? bounds with { Last = key }
            : bounds;
    }

    /// <summary>Says whether an object lies between them.</summary>
    public bool MayHold(string bucket, string name) =>
        ObjectKeys.Compare((bucket, name), First) >= 0 && ObjectKeys.Compare((bucket, name), Last) <= 0;
}
