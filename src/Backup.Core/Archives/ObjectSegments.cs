using System.Buffers;

namespace Backup.Core.Archives;

/// <summary>How buckets and the segments of objects' names become parts of a path that people can read. docs/format.md specifies it.</summary>
internal static class ObjectSegments
{
    /// <summary>The folder of all buckets.</summary>
    public const string StorageFolder = "storage/";

    // With the mark of one more segment still below the 1,024 bytes that macOS gives a whole path, and room for the folder around it.
    private const int MaxPathLength = 800;
    private const string EmptySegment = "%";
    private const string Punctuation = " _.!()+,;=@$&'-";
    private const string LowerCase = "abcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly SearchValues<char> KeptInBuckets = SearchValues.Create(LowerCase + Punctuation);
    private static readonly SearchValues<char> Kept = SearchValues.Create(LowerCase + LowerCase.ToUpperInvariant() + Punctuation);

    /// <summary>The folder of a bucket's objects, ending in a slash.</summary>
    /// <param name="bucket">The bucket's id.</param>
    public static string BucketFolder(string bucket)
    {
        var encoded = Guard(PathSegments.Encode(bucket, KeptInBuckets));
        if (StorageFolder + encoded == EntryPaths.Buckets)
        {
            encoded = PathSegments.EncodeAt(encoded, 0);
        }

        return $"{StorageFolder}{PathSegments.Shorten(encoded)}/";
    }

    /// <summary>Appends a segment of a name to the path of its folder.</summary>
    /// <param name="folder">The folder's path, ending in a slash.</param>
    /// <param name="segment">The segment, as it is.</param>
    /// <param name="path">The path without a slash at its end.</param>
    /// <returns><see langword="false"/> when the path would become too long.</returns>
    public static bool TryAppend(string folder, ReadOnlySpan<char> segment, out string path)
    {
        path = folder + PathSegments.Shorten(Guard(PathSegments.Encode(segment, Kept)));
        return path.Length <= MaxPathLength;
    }

    private static string Guard(string encoded)
    {
        if (encoded.Length == 0)
        {
            return EmptySegment;
        }

        if (encoded[^1] is ' ' or '.')
        {
            encoded = PathSegments.EncodeAt(encoded, encoded.Length - 1);
        }

        return encoded[0] == ' ' ? PathSegments.EncodeAt(encoded, 0) : PathSegments.GuardDeviceName(encoded);
    }
}
