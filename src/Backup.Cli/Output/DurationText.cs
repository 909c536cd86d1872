using System.Globalization;

namespace Backup.Cli.Output;

/// <summary>Durations as people write them: <c>00:09:00</c>, <c>540s</c>, <c>9m</c>, <c>2h</c>, <c>30d</c>, <c>2w</c>.</summary>
internal static class DurationText
{
    /// <summary>Reads one.</summary>
    /// <param name="text">The text.</param>
    /// <param name="time">The duration.</param>
    /// <returns>Whether it is one. A number alone is none: nobody would know of what.</returns>
    public static bool TryParse(string text, out TimeSpan time)
    {
        time = TimeSpan.Zero;
        if (text.Contains(':', StringComparison.Ordinal))
        {
            return TimeSpan.TryParseExact(text, [@"h\:mm\:ss", @"d\.hh\:mm\:ss"], CultureInfo.InvariantCulture, out time);
        }

        var unit = text.Length == 0 ? 0d : char.ToLowerInvariant(text[^1]) switch
        {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 24 * 3600,
            'w' => 7 * 24 * 3600,
            _ => 0,
        };
        if (unit == 0 || !double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            || count * unit > TimeSpan.MaxValue.TotalSeconds / 2)
        {
            return false;
        }

        time = TimeSpan.FromSeconds(count * unit);
        return true;
    }
}
