using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
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

    /// <summary>The guide for a person who has only the zip files.</summary>
    public const string RestoreGuide = "RESTORE.md";

    private const string DataFolder = "database/data/";

    // Leaves room for what people and tools append, below the 255 of common file systems.
    private const int MaxEncodedLength = 200;
    private const int HashDigits = 32;
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
        var segment = $"{GuardDeviceName(Encode(schema))}.{Encode(name)}";
        if (segment.Length > MaxEncodedLength)
        {
            segment = $"{Truncate(segment)}~{ShortHash(segment)}";
        }

        return $"{DataFolder}{segment}/";
    }

    /// <summary>The path of a page.</summary>
    /// <param name="tableFolder">What <see cref="TableFolder"/> gave.</param>
    /// <param name="number">The page's number, from 1.</param>
    /// <returns>A path such as <c>database/data/public.film/000001.copy</c>.</returns>
    public static string Page(string tableFolder, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{tableFolder}{number:D6}.copy");

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
            if (segment.IsEmpty || segment[^1] is '.' or ' ' || IsDeviceName(segment)
                || Encoding.UTF8.GetByteCount(segment) > MaxSegmentBytes)
            {
                return false;
            }
        }

        return true;
    }

    private static string Encode(string name)
    {
        var builder = new StringBuilder(name.Length + 8);
        foreach (var value in StrictUtf8.GetBytes(name))
        {
            if (Kept.Contains((char)value))
            {
                builder.Append((char)value);
            }
            else
            {
                builder.Append(CultureInfo.InvariantCulture, $"%{value:x2}");
            }
        }

        return builder.ToString();
    }

    // Windows reserves a device's name with any extension, and here the table's name would be the extension.
    private static string GuardDeviceName(string encoded) =>
        IsDeviceName(encoded) ? string.Create(CultureInfo.InvariantCulture, $"%{(int)encoded[0]:x2}{encoded.AsSpan(1)}") : encoded;

    private static bool IsDeviceName(ReadOnlySpan<char> segment)
    {
        var dot = segment.IndexOf('.');
        var stem = (dot < 0 ? segment : segment[..dot]).TrimEnd(' ');
        return stem.Length switch
        {
            3 => IsAny(stem, "con", "prn", "aux", "nul"),
            4 => (char.IsAsciiDigit(stem[3]) || stem[3] is '\u00b9' or '\u00b2' or '\u00b3') && IsAny(stem[..3], "com", "lpt"),
            6 or 7 => IsAny(stem, "conin$", "conout$"),
            _ => false,
        };
    }

    private static bool IsAny(ReadOnlySpan<char> text, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (text.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static ReadOnlySpan<char> Truncate(string segment)
    {
        var length = MaxEncodedLength - HashDigits - 1;
        var percent = segment.AsSpan(length - 2, 2).IndexOf('%');
        return segment.AsSpan(0, percent < 0 ? length : length - 2 + percent);
    }

    private static string ShortHash(string segment) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(segment)).AsSpan(0, HashDigits / 2));

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
