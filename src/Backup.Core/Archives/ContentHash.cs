using System.Globalization;
using System.IO.Hashing;

namespace Backup.Core.Archives;

/// <summary>The digest of an entry's raw bytes: XXH128, seed 0.</summary>
/// <remarks>
/// It finds changes and damage at memory speed; it is no proof against an attacker, which is what the SHA-256 of each
/// volume is for. Written as 32 lower-case hex digits, most significant byte first.
/// See <see href="https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md"/>.
/// </remarks>
/// <param name="Value">The 128 bits.</param>
public readonly record struct ContentHash(UInt128 Value)
{
    /// <summary>The digest of no bytes.</summary>
    public static ContentHash Empty { get; } = Compute([]);

    /// <summary>Digests bytes.</summary>
    /// <param name="source">The raw bytes.</param>
    /// <returns>Their digest.</returns>
    public static ContentHash Compute(ReadOnlySpan<byte> source) => new(XxHash128.HashToUInt128(source));

    /// <summary>Reads 32 hex digits.</summary>
    /// <param name="text">The digits.</param>
    /// <param name="hash">The digest, when they are valid.</param>
    /// <returns>Whether they are.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out ContentHash hash)
    {
        var isValid = UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value);
        hash = new ContentHash(value);
        return isValid && text.Length == 32;
    }

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}
