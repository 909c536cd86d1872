using System.Text;

namespace Backup.TestKit.Workloads;

/// <summary>Text that packs about as well as what people write: about three to one, with zstd 3 and deflate 6 alike.</summary>
/// <remarks>Made of a list of words of which few are frequent and most are rare. For one thread.</remarks>
public sealed class Prose
{
    private const int Words = 6000;
    private const int PickTable = 1 << 16;

    private static readonly string[] Starts =
        ["b", "br", "c", "ch", "d", "f", "g", "gl", "h", "j", "k", "l", "m", "n", "p", "pr", "qu", "r", "s", "st", "t", "tr", "v", "w", ""];

    private static readonly string[] Middles = ["a", "e", "i", "o", "u", "ai", "ea", "ou", "ä", "é"];

    private static readonly string[] Ends = ["", "", "n", "r", "s", "t", "l", "m", "nd", "rt", "ck", "ng"];

    // The list is the same whatever the seed: texts differ in their order of words, as texts of one language do.
    private static readonly byte[][] WordList = MakeWords();
    private static readonly ushort[] Picks = MakePicks();

    private readonly RepeatableRandom _random;

    /// <summary>Starts a text; equal seeds give equal texts.</summary>
    public Prose(ulong seed) => _random = new RepeatableRandom(seed);

    /// <summary>A text of its own, such as for a file.</summary>
    public static byte[] Make(ulong seed, int bytes)
    {
        var text = new RowText();
        new Prose(seed).Write(text, bytes);
        return text.Bytes[..bytes].ToArray();
    }

    /// <summary>Appends sentences of at least a number of bytes.</summary>
    public void Write(RowText text, int bytes)
    {
        var end = text.Bytes.Length + bytes;
        while (text.Bytes.Length < end)
        {
            for (var left = 4 + _random.Next(14); left > 0; left--)
            {
                text.Append(WordList[Picks[_random.Next(PickTable)]]).Append((byte)(left > 1 ? ' ' : '.'));
            }

            text.Append((byte)' ');
        }
    }

    private static byte[][] MakeWords()
    {
        var random = new RepeatableRandom(1);
        var words = new HashSet<string>(Words, StringComparer.Ordinal);
        while (words.Count < Words)
        {
            var word = new StringBuilder();
            for (var syllables = 1 + random.Next(3); syllables > 0; syllables--)
            {
                word.Append(Starts[random.Next(Starts.Length)])
                    .Append(Middles[random.Next(Middles.Length)])
                    .Append(Ends[random.Next(Ends.Length)]);
            }

            words.Add(word.ToString());
        }

        return [.. words.Select(Encoding.UTF8.GetBytes)];
    }

    // Word n is picked in proportion to 1 / (n + 10): Zipf's law with its head cut, as it is without "the" and "of".
    private static ushort[] MakePicks()
    {
        var total = Enumerable.Range(0, Words).Sum(Weight);
        var picks = new ushort[PickTable];
        var word = 0;
        var reached = Weight(0);
        for (var pick = 0; pick < PickTable; pick++)
        {
            while (reached * PickTable < pick * total && word < Words - 1)
            {
                reached += Weight(++word);
            }

            picks[pick] = (ushort)word;
        }

        return picks;

        static double Weight(int index) => 1d / (index + 10);
    }
}
