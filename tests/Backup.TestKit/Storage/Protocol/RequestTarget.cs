using System.Text;

namespace Backup.TestKit.Storage.Protocol;

/// <summary>A request's target as it came over the wire: nothing is normalised, each segment is decoded by itself.</summary>
internal sealed class RequestTarget
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string[] _segments;
    private readonly Dictionary<string, string> _query = new(StringComparer.Ordinal);

    public RequestTarget(string raw)
    {
        Raw = raw;
        var queryStart = raw.IndexOf('?', StringComparison.Ordinal);
        Path = queryStart < 0 ? raw : raw[..queryStart];
        _segments = Path.TrimStart('/').Length == 0 ? [] : Path[1..].Split('/');
        foreach (var pair in queryStart < 0 ? [] : raw[(queryStart + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            _query[parts[0]] = parts.Length == 1 ? string.Empty : TryDecode(parts[1].Replace('+', ' ')) ?? parts[1];
        }
    }

    /// <summary>Path and query.</summary>
    public string Raw { get; }

    /// <summary>The path, still encoded.</summary>
    public string Path { get; }

    /// <summary>How many segments the path has.</summary>
    public int Count => _segments.Length;

    /// <summary>Whether each percent sign begins an escape and the whole is UTF-8.</summary>
    public bool IsDecodable => TryDecode(Path) is not null;

    /// <summary>A segment decoded; empty where there is none.</summary>
    public string Segment(int index) => index < _segments.Length ? TryDecode(_segments[index]) ?? string.Empty : string.Empty;

    /// <summary>All from a segment on, decoded; an encoded slash becomes one like the others.</summary>
    public string Rest(int index) => TryDecode(string.Join('/', _segments.Skip(index))) ?? string.Empty;

    /// <summary>A parameter of the query, or <see langword="null"/>.</summary>
    public string? Query(string name) => _query.GetValueOrDefault(name);

    private static string? TryDecode(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] != '%')
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(text[index].ToString()));
                continue;
            }

            if (index + 2 >= text.Length || !char.IsAsciiHexDigit(text[index + 1]) || !char.IsAsciiHexDigit(text[index + 2]))
            {
                return null;
            }

            bytes.Add(Convert.FromHexString(text.AsSpan(index + 1, 2))[0]);
            index += 2;
        }

        try
        {
            return StrictUtf8.GetString([.. bytes]);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
