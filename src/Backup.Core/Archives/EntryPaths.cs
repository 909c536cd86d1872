using System.Buffers;
using System.Globalization;
using System.Text;

namespace Backup.Core.Archives;

/// <summary>Where things lie inside a volume, and how names from outside become safe paths. docs/format.md specifies the encoding.</summary>
internal static class EntryPaths
{
    /// <summary>The table of contents of the schema.</summary>
    public const string Toc = "database/toc.json";

    /// <summary>The definitions that come before the rows, for psql.</summary>
    public const string PreData = "database/pre-data.sql";

    /// <summary>The definitions that come after the rows, for psql.</summary>
    public const string PostData = "database/post-data.sql";

    /// <summary>The psql script that loads all pages and sets all sequences.</summary>
    public const string LoadData = "database/load-data.sql";

    /// <summary>What the server keeps of the database beside its content: owner, comment, settings, privileges.</summary>
    public const string Settings = "database/settings.json";

    /// <summary>The same, for psql.</summary>
    public const string SettingsScript = "database/settings.sql";

    /// <summary>The roles of the server, without passwords.</summary>
    public const string Roles = "database/roles.json";

    /// <summary>The same, for psql.</summary>
    public const string RolesScript = "database/roles.sql";

    /// <summary>The guide for a person who has only the zip files.</summary>
    public const string RestoreGuide = "RESTORE.md";

    /// <summary>The buckets and their settings.</summary>
    public const string Buckets = "storage/buckets.json";

    /// <summary>The folder of all tables' pages.</summary>
    public const string DataFolder = "database/data/";

    private const int MaxSegmentBytes = 255;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly SearchValues<char> Kept = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-");
    private static readonly SearchValues<char> Forbidden = SearchValues.Create(
        string.Concat(Enumerable.Range(0, 0x20).Select(code => (char)code)) + "\u007f\\:*?\"<>|");

    /// <summary>The folder of a table's pages.</summary>
    /// <param name="schema">The schema's true name.</param>
    /// <param name="name">The table's true name.</param>
    /// <returns>A path that ends in a slash, such as <c>database/data/public.film/</c>; no two tables share one, whatever the case.</returns>
    /// <exception cref="ArgumentException">A name is empty or no valid UTF-16.</exception>
    public static string TableFolder(string schema, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(schema);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var segment = $"{PathSegments.GuardDeviceName(Encode(schema))}.{Encode(name)}";
        return $"{DataFolder}{PathSegments.Shorten(segment)}/";
    }

    /// <summary>The folder of a table's pages that a later part of a run reads anew.</summary>
    /// <param name="schema">The schema's true name.</param>
    /// <param name="name">The table's true name.</param>
    /// <param name="part">The part's number; of the first one the path is the plain one.</param>
    /// <returns>A path such as <c>database/data/public.film~2/</c>, which no other part and no other table has.</returns>
    /// <exception cref="ArgumentException">A name is empty or no valid UTF-16.</exception>
    public static string TableFolder(string schema, string name, int part)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(part, 1);
        var folder = TableFolder(schema, name);
        return part == 1 ? folder : string.Create(CultureInfo.InvariantCulture, $"{folder[..^1]}~{part}/");
    }

    /// <summary>The path of a page.</summary>
    /// <param name="tableFolder">What <see cref="TableFolder(string, string)"/> gave.</param>
    /// <param name="number">The page's number, from 1.</param>
    /// <returns>A path such as <c>database/data/public.film/000001.copy</c>.</returns>
    public static string Page(string tableFolder, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{tableFolder}{number:D6}.copy");

    /// <summary>The folder of a bucket's objects.</summary>
    /// <param name="bucket">The bucket's id, whatever it is.</param>
    /// <returns>A path that ends in a slash, such as <c>storage/avatars/</c>; no two buckets share one, whatever the case.</returns>
    public static string BucketFolder(string bucket) => ObjectSegments.BucketFolder(bucket);

    /// <summary>The path of an object that clashes with no other; <see cref="ObjectPaths"/> finds out and gives each object its path.</summary>
    /// <param name="bucket">The bucket's id, whatever it is.</param>
    /// <param name="name">The object's true name, whatever it is.</param>
    /// <returns>A path such as <c>storage/avatars/2026/me.png</c>.</returns>
    public static string StoredObject(string bucket, string name) => ObjectPaths.Plain(bucket, name);

    /// <summary>
    /// Says whether a path may name an entry: segments joined by slashes, none empty, <c>.</c>, <c>..</c>, ending in a dot or a space,
    /// a Windows device, longer than 255 bytes, or with a control character or one of <c>\ : * ? " &lt; &gt; |</c>.
    /// </summary>
    /// <param name="path">The path; <see langword="null"/> is none.</param>
    /// <returns><see langword="true"/> when the path cannot leave the folder it is extracted to, on any system.</returns>
    public static bool IsValid(string? path)
    {
        if (string.IsNullOrEmpty(path) || path.Length > ArchiveLimits.MaxPathBytes || path.AsSpan().ContainsAny(Forbidden)
            || !TryGetByteCount(path, out var bytes) || bytes > ArchiveLimits.MaxPathBytes)
        {
            return false;
        }

        foreach (var range in path.AsSpan().Split('/'))
        {
            var segment = path.AsSpan(range);
            if (segment.IsEmpty || segment[^1] is '.' or ' ' || PathSegments.IsDeviceName(segment)
                || Encoding.UTF8.GetByteCount(segment) > MaxSegmentBytes)
            {
                return false;
            }
        }

        return true;
    }

    private static string Encode(string name) => TryGetByteCount(name, out _)
        ? PathSegments.Encode(name, Kept)
        : throw new ArgumentException($"'{name}' is no valid text.", nameof(name));

    private static bool TryGetByteCount(string path, out int bytes)
    {
        try
        {
            bytes = StrictUtf8.GetByteCount(path);
            return true;
        }
        catch (EncoderFallbackException)
        {
            bytes = 0;
            return false;
        }
    }
}
