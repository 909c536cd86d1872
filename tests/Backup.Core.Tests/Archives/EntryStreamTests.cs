using System.Text;
using Backup.Core.Archives;
using Backup.Core.Compression;
using Backup.Core.Errors;
using Backup.TestKit.Archives;
using Backup.TestKit.Streams;

namespace Backup.Core.Tests.Archives;

public sealed class EntryStreamTests
{
    private static readonly byte[] Text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 2000).Select(i => $"line {i}\n")));

    public static TheoryData<string> Codecs => [Compressors.None, Compressors.Deflate, Compressors.Zstandard];

    [Theory]
    [MemberData(nameof(Codecs))]
    public async Task ReadAsync_ExactlyTheRawBytes_HasProvenThemWithTheLast(string codec)
    {
        var entry = EntryOf(codec) with { Digest = ContentHash.Empty };
        await using var stream = Open(entry, Packed(codec));
        var buffer = new byte[Text.Length];

        await Assert.ThrowsAsync<ArchiveFormatException>(async () => await stream.ReadExactlyAsync(buffer));
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public async Task ReadAsync_ShortReads_GiveTheSameBytes(string codec)
    {
        var packed = Packed(codec);
        var input = new SinkInput(new ShortReadStream(new MemoryStream(packed)), "volume", packed.Length);
        await using var stream = new EntryStream(Compressors.Create(codec).OpenDecompressor(input), input, EntryOf(codec));

        Assert.Equal(Text, await ReadAsync(stream));
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Read_Synchronously_GivesTheSameBytesAndProof(string codec)
    {
        using var copy = new MemoryStream();
        using (var stream = Open(EntryOf(codec), Packed(codec)))
        {
            stream.CopyTo(copy);
        }

        Assert.Equal(Text, copy.ToArray());
        using var wrong = Open(EntryOf(codec) with { Crc32 = 1 }, Packed(codec));
        Assert.Throws<ArchiveFormatException>(() => wrong.CopyTo(Stream.Null));
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public async Task ReadAsync_UnpacksToMoreThanDeclared_GivesNoByteMore(string codec)
    {
        await using var stream = Open(EntryOf(codec) with { RawBytes = 100 }, Packed(codec));
        var given = 0;
        var buffer = new byte[64];

        await Assert.ThrowsAsync<ArchiveFormatException>(async () =>
        {
            int count;
            while ((count = await stream.ReadAsync(buffer)) > 0)
            {
                given += count;
            }
        });

        Assert.InRange(given, 0, 100);
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public async Task ReadAsync_UnpacksToLessThanDeclared_Throws(string codec)
    {
        await using var stream = Open(EntryOf(codec) with { RawBytes = Text.Length + 1 }, Packed(codec));

        await Assert.ThrowsAsync<ArchiveFormatException>(() => ReadAsync(stream));
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public async Task ReadAsync_AnyPackedByteChanged_Throws(string codec)
    {
        var packed = Packed(codec);
        for (var i = 0; i < packed.Length; i += 7)
        {
            var changed = packed.ToArray();
            changed[i] ^= 0x5a;
            await using var stream = Open(EntryOf(codec), changed);
            try
            {
                // A few bits of a packed stream mean nothing; then the raw bytes are the same.
                Assert.Equal(Text, await ReadAsync(stream));
            }
            catch (ArchiveFormatException)
            {
                // As it should be.
            }
        }
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public async Task ReadAsync_BytesAfterTheEnd_Throws(string codec)
    {
        await using var stream = Open(EntryOf(codec), [.. Packed(codec), .. new byte[100_000]]);

        await Assert.ThrowsAsync<ArchiveFormatException>(() => ReadAsync(stream));
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public async Task ReadAsync_NoRawBytes_IsProvenToo(string codec)
    {
        var compressor = Compressors.Create(codec);
        var empty = EntryOf(codec) with { RawBytes = 0, Crc32 = 0, Digest = ContentHash.Empty };
        await using var right = Open(empty, ArchiveBuilder.Pack(compressor, []));
        await using var wrong = Open(empty, Packed(codec));

        Assert.Empty(await ReadAsync(right));
        await Assert.ThrowsAsync<ArchiveFormatException>(() => ReadAsync(wrong));
    }

    [Theory]
    [InlineData(null, "20261122T031500Z-7f3a")]
    [InlineData("20261121T031500Z-0001", "20261121T031500Z-0001")]
    public async Task ReadAsync_Damaged_NamesTheVolumeAndTheBackupThatHoldsIt(string? referenced, string named)
    {
        var entry = EntryOf(Compressors.None) with { Crc32 = 1, Volume = 12, Backup = referenced is null ? null : new BackupId(referenced) };
        var input = new SinkInput(new MemoryStream(Text), "volume", Text.Length);
        await using var stream = new EntryStream(new NoCompressor().OpenDecompressor(input), input, entry, new BackupId("20261122T031500Z-7f3a"));

        var exception = await Assert.ThrowsAsync<ArchiveFormatException>(() => ReadAsync(stream));

        Assert.StartsWith($"The entry entry of volume-0012.zip of backup {named} has the CRC-32 ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_MediumFails_IsASinkFault()
    {
        var input = new SinkInput(new ThrowingStream(new MemoryStream(Text), 100), "volume", Text.Length);
        await using var stream = new EntryStream(new NoCompressor().OpenDecompressor(input), input, EntryOf(Compressors.None));

        var exception = await Assert.ThrowsAsync<SinkException>(() => ReadAsync(stream));
        Assert.Equal("volume", exception.Subject);
    }

    private static IndexEntry EntryOf(string codec)
    {
        var content = ArchiveBuilder.ContentOf(Text);
        return new IndexEntry
        {
            Path = "entry",
            Volume = 1,
            Offset = 0,
            Method = Compressors.Create(codec).Method,
            RawBytes = content.RawBytes,
            StoredBytes = Packed(codec).Length,
            Crc32 = content.Crc32,
            Digest = content.Digest,
        };
    }

    private static byte[] Packed(string codec) => ArchiveBuilder.Pack(Compressors.Create(codec), Text);

    private static EntryStream Open(IndexEntry entry, byte[] packed)
    {
        var input = new SinkInput(new MemoryStream(packed), "volume", packed.Length);
        return new EntryStream(Compressors.ForMethod(entry.Method).OpenDecompressor(input), input, entry);
    }

    private static async Task<byte[]> ReadAsync(Stream stream)
    {
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }
}
