namespace Backup.TestKit.Storage.Protocol;

/// <summary>Which names the server takes.</summary>
internal static class StorageNames
{
    public const string EmptyFolderPlaceholder = ".emptyFolderPlaceholder";

    private const string Marks = "_!-.*'() &$@=;:+,?";
    private const int MaxBucketLength = 100;
    private const int MaxSegmentBytes = 255;
    private const string ReservedSuffix = "--table-s3";

    /// <summary>Whether a bucket may be called so.</summary>
    public static bool IsBucket(string name) =>
        name.Length is > 0 and <= MaxBucketLength
        && name.All(IsTaken)
        && name.Trim() == name
        && !name.EndsWith(ReservedSuffix, StringComparison.Ordinal);

    /// <summary>Whether an object may be called so; all calls but the deletions check it.</summary>
    public static bool IsObject(string name) => name.Length > 0 && name.All(unit => unit == '/' || IsTaken(unit));

    /// <summary>Whether the file backend refuses the name by itself.</summary>
    public static bool HasDotSegment(string name) => name.Split('/').Any(segment => segment is "." or "..");

    /// <summary>Whether the file backend fails for lack of room in a folder's name.</summary>
    public static bool HasLongSegment(string name) => name.Split('/').Any(segment => segment.Length > MaxSegmentBytes);

    private static bool IsTaken(char unit) => char.IsAsciiLetterOrDigit(unit) || Marks.Contains(unit, StringComparison.Ordinal);
}
