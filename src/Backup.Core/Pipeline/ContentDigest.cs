using System.IO.Hashing;
using Backup.Core.Archives;

namespace Backup.Core.Pipeline;

/// <summary>What an entry says of its raw bytes, computed as they pass: size, CRC-32, digest. For one thread.</summary>
internal sealed class ContentDigest
{
    private readonly Crc32 _crc = new();
    private readonly XxHash128 _hash = new();

    /// <summary>The size so far, in bytes.</summary>
    public long RawBytes { get; private set; }

    /// <summary>Takes in more bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        _crc.Append(bytes);
        _hash.Append(bytes);
        RawBytes += bytes.Length;
    }

    /// <summary>All of it.</summary>
    public EntryContent ToContent() =>
        new(RawBytes, _crc.GetCurrentHashAsUInt32(), new ContentHash(_hash.GetCurrentHashAsUInt128()));
}
