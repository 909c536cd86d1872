using System.Globalization;

namespace Backup.Cli.Output;

/// <summary>Sizes in bytes as people write and read them.</summary>
internal static class ByteSize
{
    private const int Step = 1024;

    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    private static readonly (string Suffix, long Bytes)[] Suffixes =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40),
        ("kB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
        ("K", 1L << 10), ("M", 1L << 20), ("G", 1L << 30), ("T", 1L << 40),
        ("B", 1), (string.Empty, 1),
    ];

    /// <summary>Reads a size: <c>128MiB</c>, <c>1.5GB</c>, <c>64k</c> (binary), <c>1048576</c>. More than zero; the unit's case does not matter.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        text = text.Trim();
        var (suffix, unit) = Suffixes.First(known => text.EndsWith(known.Suffix, StringComparison.OrdinalIgnoreCase));
        if (!decimal.TryParse(
                text.AsSpan(0, text.Length - suffix.Length).TrimEnd(),
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var number)
            || number > (decimal)long.MaxValue / unit)
        {
            return false;
        }

        bytes = (long)(number * unit);
        return bytes > 0;
    }

    /// <summary>Writes a size with one decimal and a binary unit: <c>34.5 MiB</c>.</summary>
    public static string Format(double bytes)
    {
        var unit = 0;

        // 1023.95 would be rounded to 1024.0 of the smaller unit.
        while (bytes >= Step - 0.05 && unit < Units.Length - 1)
        {
            bytes /= Step;
            unit++;
        }

        var number = bytes.ToString(unit == 0 ? "0" : "0.0", CultureInfo.InvariantCulture);
        return $"{number} {Units[unit]}";
    }
}
