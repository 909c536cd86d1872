using System.Globalization;
using System.Text.RegularExpressions;

namespace Backup.TestKit.Storage.Protocol;

/// <summary>The range of bytes that a request asks for; both ends belong to it.</summary>
internal readonly record struct ByteRange(long First, long Last)
{
    public long Length => Last - First + 1;

    /// <summary>Reads the header; <see langword="null"/> when no byte of the content is asked for in a form that the server takes.</summary>
    public static ByteRange? Read(string header, long contentLength)
    {
        var match = Regex.Match(header, "^bytes=([0-9]*)-([0-9]*)$", RegexOptions.CultureInvariant);
        if (!match.Success || header == "bytes=-")
        {
            return null;
        }

        var first = Number(match.Groups[1].Value);
        var last = Number(match.Groups[2].Value);
        var range = first is null
            ? new ByteRange(Math.Max(0, contentLength - last!.Value), contentLength - 1)
            : new ByteRange(first.Value, Math.Min(last ?? long.MaxValue, contentLength - 1));
        return range.Length > 0 ? range : null;
    }

    private static long? Number(string digits) => digits.Length == 0 ? null : long.Parse(digits, CultureInfo.InvariantCulture);
}
