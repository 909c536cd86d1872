using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Backup.Core.Archives.Resuming;

/// <summary>Turns the true names of stored objects into keys of a fixed size.</summary>
internal static class ObjectKeys
{
    /// <summary>
    /// The first 128 bits of the SHA-256 of bucket and name: not a faster hash, because whoever finds two names of one key could
    /// keep an object out of a backup.
    /// </summary>
    /// <param name="bucket">The bucket's id.</param>
    /// <param name="name">The object's true name.</param>
    public static UInt128 Of(string bucket, string name) =>

        // The length first: so that no other bucket and name give the same bytes.
        OfText($"{bucket.Length}/{bucket}/{name}");

    /// <summary>The first 128 bits of the SHA-256 of a text. One that does not begin with a digit has no key that an object has.</summary>
    /// <param name="text">The text.</param>
    public static UInt128 OfText(ReadOnlySpan<char> text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];

        // The characters as they are, so that half of a pair is not taken for another one.
        SHA256.HashData(MemoryMarshal.AsBytes(text), hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    /// <summary>Compares two objects in the order of buckets, then of names.</summary>
    /// <param name="left">The one.</param>
    /// <param name="right">The other.</param>
    public static int Compare((string Bucket, string Name) left, (string Bucket, string Name) right)
    {
        var buckets = string.CompareOrdinal(left.Bucket, right.Bucket);
        return buckets != 0 ? buckets : string.CompareOrdinal(left.Name, right.Name);
    }
}
