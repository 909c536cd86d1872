namespace Backup.Core.ObjectStores;

/// <summary>Orders texts by their UTF-8 bytes, which is the order of code points and differs from that of UTF-16 units.</summary>
internal sealed class Utf8Order : IComparer<string>
{
    private const int AboveAllUnits = 0x10000;

    private Utf8Order()
    {
    }

    /// <summary>The one order.</summary>
    public static Utf8Order Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        var left = x.AsSpan();
        var right = y.AsSpan();
        var common = left.CommonPrefixLength(right);
        return common == left.Length || common == right.Length
            ? left.Length.CompareTo(right.Length)
            : Weight(left[common]).CompareTo(Weight(right[common]));
    }

    // Surrogates stand for code points above all that one unit can hold, though their own values lie below some of those.
    private static int Weight(char unit) => char.IsSurrogate(unit) ? unit + AboveAllUnits : unit;
}
