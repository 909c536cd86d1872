using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Backup.TestKit.Storage.Protocol;

/// <summary>Writes JSON and times as the server does.</summary>
internal static partial class StorageJson
{
    /// <summary>Escapes little more than JavaScript does.</summary>
    public static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text of a body, as JavaScript writes it: surrogate pairs are not escaped, so that lengths come out the same.</summary>
    public static byte[] Write(JsonNode node) => Encoding.UTF8.GetBytes(EscapedPairs().Replace(node.ToJsonString(Options), Unescape));

    /// <summary>A time in a body: milliseconds, cut off.</summary>
    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>A time in a header: whole seconds.</summary>
    public static string HeaderTime(DateTimeOffset time) => time.UtcDateTime.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A time as PostgreSQL keeps it.</summary>
    public static DateTimeOffset ToMicroseconds(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    private static string Unescape(Match match) => match.Groups[1].Success
        ? new string([Unit(match.Groups[1].Value), Unit(match.Groups[2].Value)])
        : match.Value;

    private static char Unit(string hex) => (char)ushort.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    // The first alternative takes escaped backslashes away from the second.
    [GeneratedRegex(@"\\\\|\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", RegexOptions.IgnoreCase)]
    private static partial Regex EscapedPairs();
}
