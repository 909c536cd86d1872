using System.Text;
using CsCheck;

namespace Backup.Core.Tests.Archives;

/// <summary>Texts for property-based tests. Made, not filtered: a generator that throws most of its samples away gives up now and then.</summary>
internal static class AnyText
{
    private const string SegmentCharacters = "abcxyzABCXYZ0123456789%_-~ .!'()é漢\ud83d\ude00";
    private const int MaxSegments = 5;

    /// <summary>Any text that UTF-8 can carry: halves of characters become U+FFFD.</summary>
    public static Gen<string> WellFormed(int minLength = 0, int maxLength = 100) => Gen.String[minLength, maxLength].Select(Mend);

    /// <summary>Paths that may name an entry: no segment is empty or ends in what a segment must not end in.</summary>
    public static Gen<string> Paths { get; } = Gen.String[Gen.Char[SegmentCharacters], 0, 20]
        .Select(text => $"s{Mend(text)}_")
        .Array[1, MaxSegments]
        .Select(segments => string.Join('/', segments));

    private static string Mend(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
