namespace Backup.Core.Archives.Zip;

/// <summary>The one moment that all entries of a volume carry.</summary>
/// <param name="DosTime">Hours, minutes and half seconds in UTC, as MS-DOS packs them.</param>
/// <param name="DosDate">Years from 1980, months and days in UTC, as MS-DOS packs them.</param>
/// <param name="UnixSeconds">UTC seconds since 1970, for the extended timestamp; <see langword="null"/> beyond its 31 bits.</param>
internal readonly record struct ZipTime(ushort DosTime, ushort DosDate, int? UnixSeconds)
{
    private const int FirstYear = 1980;
    private const int LastYear = 2107;

    /// <summary>Bytes of the extended timestamp, with its header.</summary>
    public int ExtraBytes => UnixSeconds is null ? 0 : 9;

    /// <summary>Packs a moment.</summary>
    /// <param name="moment">Any moment; outside 1980–2107 the nearest that MS-DOS knows.</param>
    public static ZipTime From(DateTimeOffset moment)
    {
        var utc = moment.UtcDateTime;
        if (utc.Year < FirstYear)
        {
            utc = new DateTime(FirstYear, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        }
        else if (utc.Year > LastYear)
        {
            utc = new DateTime(LastYear, 12, 31, 23, 59, 58, DateTimeKind.Utc);
        }

        var seconds = moment.ToUnixTimeSeconds();
        return new ZipTime(
            (ushort)((utc.Hour << 11) | (utc.Minute << 5) | (utc.Second / 2)),
            (ushort)(((utc.Year - FirstYear) << 9) | (utc.Month << 5) | utc.Day),
            seconds is >= 0 and <= int.MaxValue ? (int)seconds : null);
    }
}
