using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;

namespace Backup.Core.Archives;

/// <summary>The name of a backup: its start in UTC and four random hex digits, <c>20261122T031500Z-7f3a</c>. Sorts by time.</summary>
/// <param name="Value">The text.</param>
public readonly record struct BackupId(string Value) : IComparable<BackupId>
{
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";
    private const int RandomDigits = 4;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>When the run began, in UTC, as the id says it.</summary>
    /// <exception cref="FormatException">The text is no id.</exception>
    internal DateTimeOffset StartedAt => TryParse(Value, out _)
        ? DateTimeOffset.ParseExact(Value.AsSpan(0, 16), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
        : throw new FormatException($"'{Value}' is no backup id.");

    /// <summary>Makes a new id.</summary>
    /// <param name="startedAt">When the run began.</param>
    /// <returns>An id that no earlier run of another second has.</returns>
    public static BackupId Create(DateTimeOffset startedAt) => new(
        startedAt.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)
        + "-" + RandomNumberGenerator.GetHexString(RandomDigits, lowercase: true));

    /// <summary>Reads an id.</summary>
    /// <param name="text">The text; <see langword="null"/> is none.</param>
    /// <param name="id">The id, when the text is one.</param>
    /// <returns>Whether it is.</returns>
    public static bool TryParse(string? text, out BackupId id)
    {
        id = new BackupId(text ?? string.Empty);
        return text is { Length: 21 }
            && text[16] == '-'
            && DateTime.TryParseExact(
                text.AsSpan(0, 16), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            && !text.AsSpan(17).ContainsAnyExcept(HexDigits);
    }

    /// <summary>The next id there can be: of the same second, unless this is the last one of its.</summary>
    /// <exception cref="FormatException">The text is no id.</exception>
    internal BackupId Next()
    {
        var second = StartedAt;
        var digits = ushort.Parse(Value.AsSpan(17), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        if (digits == ushort.MaxValue)
        {
            second = second.AddSeconds(1);
        }

        return new BackupId(string.Create(
            CultureInfo.InvariantCulture, $"{second.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)}-{unchecked((ushort)(digits + 1)):x4}"));
    }

    /// <inheritdoc/>
    public int CompareTo(BackupId other) => string.CompareOrdinal(Value, other.Value);

    /// <summary>Whether one id is earlier than another.</summary>
    /// <param name="left">The one.</param>
    /// <param name="right">The other.</param>
    public static bool operator <(BackupId left, BackupId right) => left.CompareTo(right) < 0;

    /// <summary>Whether one id is later than another.</summary>
    /// <param name="left">The one.</param>
    /// <param name="right">The other.</param>
    public static bool operator >(BackupId left, BackupId right) => left.CompareTo(right) > 0;

    /// <summary>Whether one id is not later than another.</summary>
    /// <param name="left">The one.</param>
    /// <param name="right">The other.</param>
    public static bool operator <=(BackupId left, BackupId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one id is not earlier than another.</summary>
    /// <param name="left">The one.</param>
    /// <param name="right">The other.</param>
    public static bool operator >=(BackupId left, BackupId right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public override string ToString() => Value;
}
