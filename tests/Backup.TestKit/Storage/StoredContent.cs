using System.Globalization;
using System.Security.Cryptography;

namespace Backup.TestKit.Storage;

/// <summary>The bytes of a stored object, readable from any position by any number of readers at once.</summary>
public abstract class StoredContent
{
    private const int BlockBytes = 128 * 1024;

    private readonly Lazy<string> _eTag;

    private protected StoredContent() => _eTag = new Lazy<string>(HashWhole);

    /// <summary>Nothing.</summary>
    public static StoredContent Empty { get; } = Of([]);

    /// <summary>The size in bytes.</summary>
    public abstract long Length { get; }

    /// <summary>The MD5 of all bytes in hex, in quotes: what the file backend of the real server gives.</summary>
    public string ETag => _eTag.Value;

    /// <summary>Bytes held in memory.</summary>
    public static StoredContent Of(byte[] bytes) => new BytesContent(bytes);

    /// <summary>A text's UTF-8 bytes held in memory.</summary>
    public static StoredContent Of(string text) => new BytesContent(System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Incompressible bytes that follow from a seed and cost no memory, whatever their number.</summary>
    public static StoredContent Generated(int seed, long length) => new GeneratedContent(seed, length);

    /// <summary>The pattern of the recorded exchanges, byte i = (i*31 + (i&gt;&gt;8)*17 + 7) &amp; 255, made as it is read.</summary>
    public static StoredContent Pattern(long length) => new PatternContent(length);

    /// <summary>Reads a range that lies within the content.</summary>
    public abstract void Read(long offset, Span<byte> destination);

    /// <summary>Whether a stream holds exactly these bytes.</summary>
    public async Task<bool> EqualsAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        var actual = new byte[BlockBytes];
        var expected = new byte[BlockBytes];
        for (long offset = 0; ;)
        {
            var bytes = await stream.ReadAtLeastAsync(actual, actual.Length, throwOnEndOfStream: false, cancellationToken);
            if (bytes > Length - offset)
            {
                return false;
            }

            Read(offset, expected.AsSpan(0, bytes));
            if (!actual.AsSpan(0, bytes).SequenceEqual(expected.AsSpan(0, bytes)))
            {
                return false;
            }

            offset += bytes;
            if (bytes < actual.Length)
            {
                return offset == Length;
            }
        }
    }

    /// <summary>A stream over all bytes.</summary>
    public Stream OpenRead() => new StoredContentStream(this);

    private string HashWhole()
    {
        // The server's ETag is an MD5; nothing is protected by it.
#pragma warning disable CA5351
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
        var block = new byte[Math.Min(BlockBytes, Length)];
        for (long offset = 0; offset < Length; offset += block.Length)
        {
            var bytes = block.AsSpan(0, (int)Math.Min(block.Length, Length - offset));
            Read(offset, bytes);
            hash.AppendData(bytes);
        }

        return string.Create(CultureInfo.InvariantCulture, $"\"{Convert.ToHexStringLower(hash.GetHashAndReset())}\"");
    }
}
