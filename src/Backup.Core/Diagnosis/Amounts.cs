using System.Globalization;

namespace Backup.Core.Diagnosis;

/// <summary>Counts, times and names in the words of a finding.</summary>
internal static class Amounts
{
    private const int NamesShown = 5;

    /// <summary>A count and its noun: <c>1 table</c>, <c>1,234 tables</c>.</summary>
    public static string Count(long number, string noun) =>
        $"{number.ToString("N0", CultureInfo.InvariantCulture)} {noun}{(number == 1 ? string.Empty : "s")}";

    /// <summary>A time: <c>12 ms</c>, <c>3.4 s</c>.</summary>
    public static string Time(TimeSpan time) => time.TotalSeconds < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalMilliseconds):0} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");

    /// <summary>The first few names: <c>a, b, c, …</c>.</summary>
    public static string Names(IReadOnlyCollection<string> names) =>
        string.Join(", ", names.Take(NamesShown)) + (names.Count > NamesShown ? ", …" : string.Empty);
}
