using System.Globalization;
using System.Text;

namespace Backup.Cli.Output;

/// <summary>Numbers, times and names as they are shown to people, in one way everywhere.</summary>
internal static class Words
{
    /// <summary>A count with separators: <c>1,234,567</c>.</summary>
    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A count and its noun: <c>1 table</c>, <c>12 tables</c>.</summary>
    public static string Count(long number, string noun) =>
        number == 1 ? $"1 {noun}" : $"{Count(number)} {(noun[^1] == 'y' ? noun[..^1] + "ies" : noun + "s")}";

    /// <summary>A duration: <c>3.2 s</c> up to a minute, <c>4:05</c> or <c>1:04:05</c> above.</summary>
    public static string Duration(TimeSpan time) => time.TotalMinutes < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s")
        : Clock(time);

    /// <summary>A duration in whole seconds: <c>0:07</c>.</summary>
    public static string Clock(TimeSpan time) => time.TotalHours < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time.Seconds:00}")
        : string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}");

    /// <summary>An instant in UTC: <c>2026-11-22 03:15:00Z</c>.</summary>
    public static string Instant(DateTimeOffset time) => time.UtcDateTime.ToString("u", CultureInfo.InvariantCulture);

    /// <summary>A rate over a whole command: <c>85.0 MiB/s</c>.</summary>
    public static string Rate(long bytes, TimeSpan time) =>
        ByteSize.Format(time > TimeSpan.Zero ? bytes / time.TotalSeconds : 0) + "/s";

    /// <summary>A name from outside with nothing in it that could move a terminal's cursor or break a line.</summary>
    public static string Name(string name)
    {
        if (!name.Any(char.IsControl))
        {
            return name;
        }

        var clean = new StringBuilder(name.Length);
        foreach (var character in name)
        {
            clean.Append(char.IsControl(character) ? '\uFFFD' : character);
        }

        return clean.ToString();
    }
}
