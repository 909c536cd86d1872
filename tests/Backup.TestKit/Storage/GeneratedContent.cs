using System.Buffers.Binary;

namespace Backup.TestKit.Storage;

/// <summary>Bytes made from a seed and their position, eight at a time, as SplitMix64 makes its numbers.</summary>
internal sealed class GeneratedContent(int seed, long length) : StoredContent
{
    private const ulong Step = 0x9E3779B97F4A7C15;
    private const int WordBytes = sizeof(ulong);

    private readonly ulong _start = (ulong)(uint)seed << 32;

    public override long Length => length;

    public override void Read(long offset, Span<byte> destination)
    {
        Span<byte> word = stackalloc byte[WordBytes];
        var written = 0;
        while (written < destination.Length)
        {
            var position = offset + written;
            var value = Mix(_start + ((ulong)(position / WordBytes) * Step));
            var skipped = (int)(position % WordBytes);
            if (skipped == 0 && destination.Length - written >= WordBytes)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(destination[written..], value);
                written += WordBytes;
                continue;
            }

            BinaryPrimitives.WriteUInt64LittleEndian(word, value);
            var bytes = Math.Min(WordBytes - skipped, destination.Length - written);
            word.Slice(skipped, bytes).CopyTo(destination[written..]);
            written += bytes;
        }
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
