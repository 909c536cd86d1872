using System.IO.Enumeration;

namespace Backup.Core.ObjectStores;

/// <summary>Which buckets and objects take part.</summary>
public sealed record ObjectSelection
{
    /// <summary>All objects of all buckets.</summary>
    public static ObjectSelection Everything { get; } = new();

    /// <summary>The ids of the buckets, where <c>*</c> stands for any text and <c>?</c> for one character; case counts.</summary>
    /// <value>Empty by default: all buckets.</value>
    public IReadOnlyList<string> Buckets { get; init; } = [];

    /// <summary>A plain, case-sensitive prefix of the objects' names: <c>docs</c> also chooses <c>docs2/a.txt</c>.</summary>
    /// <value>Empty by default: all objects.</value>
    public string Prefix { get; init; } = "";

    /// <summary>Says whether a bucket takes part.</summary>
    /// <param name="bucket">The bucket's id.</param>
    /// <returns><see langword="true"/> when no bucket is named, or one of the patterns fits.</returns>
    public bool Includes(string bucket) =>
        Buckets.Count == 0 || Buckets.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, bucket, ignoreCase: false));

    /// <summary>Says whether an object takes part.</summary>
    /// <param name="bucket">The bucket's id.</param>
    /// <param name="name">The object's full name.</param>
    /// <returns><see langword="true"/> when the bucket does and the name begins with the prefix.</returns>
    public bool Includes(string bucket, string name) => Includes(bucket) && name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The patterns that no bucket fits: most likely mistyped.</summary>
    /// <param name="buckets">The ids of all buckets that there are.</param>
    /// <returns>The patterns, in their order.</returns>
    internal IEnumerable<string> Unmatched(IReadOnlyCollection<string> buckets) =>
        Buckets.Where(pattern => !buckets.Any(bucket => FileSystemName.MatchesSimpleExpression(pattern, bucket, ignoreCase: false)));
}
