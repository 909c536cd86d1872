using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Backup.Core.Archives;

/// <summary>What names from outside have in common when they become segments of paths: encoding, length, names that no file may have.</summary>
internal static class PathSegments
{
    // Leaves room for what people and tools append, below the 255 of common file systems.
    private const int MaxEncodedLength = 200;
    private const int HashDigits = 32;

    /// <summary>Encodes a name: each byte of its UTF-8 that is not kept becomes <c>%</c> and two hexadecimal digits.</summary>
    /// <param name="name">The name. Half a surrogate pair is taken as its code point would be, so that no two names become one.</param>
    /// <param name="kept">The ASCII characters that stay as they are.</param>
    /// <returns>ASCII text.</returns>
    public static string Encode(ReadOnlySpan<char> name, SearchValues<char> kept)
    {
        if (!name.ContainsAnyExcept(kept))
        {
            return name.ToString();
        }

        var builder = new StringBuilder(name.Length + 8);
        foreach (var value in BytesOf(name))
        {
            if (kept.Contains((char)value))
            {
                builder.Append((char)value);
            }
            else
            {
                builder.Append(CultureInfo.InvariantCulture, $"%{value:x2}");
            }
        }

        return builder.ToString();
    }

    /// <summary>Writes one ASCII character of an encoded segment as <c>%</c> and its two digits.</summary>
    /// <param name="encoded">The segment.</param>
    /// <param name="index">Where the character stands.</param>
    public static string EncodeAt(string encoded, int index) => string.Create(
        CultureInfo.InvariantCulture, $"{encoded.AsSpan(0, index)}%{(int)encoded[index]:x2}{encoded.AsSpan(index + 1)}");

    /// <summary>Encodes the first letter of a segment that Windows would take for a device, with whatever extension.</summary>
    /// <param name="encoded">The segment.</param>
    public static string GuardDeviceName(string encoded) => IsDeviceName(encoded) ? EncodeAt(encoded, 0) : encoded;

    /// <summary>Cuts a segment of more than 200 characters and gives it the hash of the whole.</summary>
    /// <param name="encoded">The segment.</param>
    public static string Shorten(string encoded) =>
        encoded.Length > MaxEncodedLength ? $"{Truncate(encoded)}{Mark(encoded)}" : encoded;

    /// <summary>What tells a name from others that would have its path: <c>~</c> and 32 hexadecimal digits.</summary>
    /// <param name="name">The true name.</param>
    public static string Mark(ReadOnlySpan<char> name) =>
        "~" + Convert.ToHexStringLower(SHA256.HashData(BytesOf(name)).AsSpan(0, HashDigits / 2));

    /// <summary>Says whether Windows reserves a segment for a device.</summary>
    /// <param name="segment">The segment, with or without an extension.</param>
    public static bool IsDeviceName(ReadOnlySpan<char> segment)
    {
        var dot = segment.IndexOf('.');
        var stem = (dot < 0 ? segment : segment[..dot]).TrimEnd(' ');
        return stem.Length switch
        {
            3 => IsAny(stem, "con", "prn", "aux", "nul"),
            4 => (char.IsAsciiDigit(stem[3]) || stem[3] is '\u00b9' or '\u00b2' or '\u00b3') && IsAny(stem[..3], "com", "lpt"),
            6 or 7 => IsAny(stem, "conin$", "conout$"),
            _ => false,
        };
    }

    private static bool IsAny(ReadOnlySpan<char> text, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (text.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static ReadOnlySpan<char> Truncate(string encoded)
    {
        var length = MaxEncodedLength - HashDigits - 1;
        var percent = encoded.AsSpan(length - 2, 2).IndexOf('%');
        return encoded.AsSpan(0, percent < 0 ? length : length - 2 + percent);
    }

    private static ReadOnlySpan<byte> BytesOf(ReadOnlySpan<char> name)
    {
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(name.Length)];
        var count = 0;
        while (!name.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(name, out var rune, out var used) == OperationStatus.Done)
            {
                count += rune.EncodeToUtf8(bytes.AsSpan(count));
            }
            else
            {
                used = 1;
                bytes[count++] = (byte)(0xE0 | (name[0] >> 12));
                bytes[count++] = (byte)(0x80 | ((name[0] >> 6) & 0x3F));
                bytes[count++] = (byte)(0x80 | (name[0] & 0x3F));
            }

            name = name[used..];
        }

        return bytes.AsSpan(0, count);
    }
}
