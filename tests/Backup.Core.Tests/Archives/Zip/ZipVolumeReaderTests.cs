using System.Buffers.Binary;
using System.Text;
using Backup.Core.Archives;
using Backup.Core.Archives.Zip;
using Backup.Core.Compression;
using Backup.Core.Errors;
using Backup.Core.Sinks;
using Backup.TestKit.Archives;
using CsCheck;

namespace Backup.Core.Tests.Archives.Zip;

public sealed class ZipVolumeReaderTests
{
    private static readonly string Volume = ArchiveNames.InSink(ArchiveBuilder.Id, ArchiveNames.Volume(1));

    [Theory]
    [InlineData(uint.MaxValue)]
    [InlineData(1)]
    [InlineData(40)]
    public async Task ReadCentralDirectoryAsync_AnyZip64Limit_GivesWhatTheIndexSays(long zip64Limit)
    {
        var (_, reader) = await WriteAsync(new ArchiveWriterOptions { Zip64Limit = zip64Limit });

        var listed = await reader.Volume(1).ReadCentralDirectoryAsync(CancellationToken.None).ToListAsync();

        var index = await reader.ReadVolumeIndexAsync(1, CancellationToken.None).OrderBy(entry => entry.Offset).ToListAsync();
        Assert.Equal(
            index.Select(entry => (entry.Path, entry.Method, entry.Crc32, entry.StoredBytes, entry.RawBytes, entry.Offset)),
            listed.Select(entry => (entry.Path, entry.Method, entry.Crc32, entry.StoredBytes, entry.RawBytes, entry.Offset)));
        Assert.Equal([false, true, false], listed.Select(entry => entry.IsStreamed));
        foreach (var entry in index)
        {
            Assert.Equal(50, (await reader.ReadAllAsync(entry.Path)).Length);
        }
    }

    [Fact]
    public async Task AppendAsync_NothingIsLarge_UsesNoZip64OutsideStreamedEntries()
    {
        var (sink, reader) = await WriteAsync(new ArchiveWriterOptions());
        var bytes = await sink.ReadObjectAsync(Volume);

        var entry = await reader.FindAsync("a", CancellationToken.None);
        Assert.Equal(10, BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan((int)entry!.Offset + 4)));
        Assert.Equal(9, BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan((int)entry.Offset + 28)));
        Assert.Equal(-1, bytes.AsSpan().IndexOf("PK\x06\x06"u8));
        Assert.Equal(-1, bytes.AsSpan().IndexOf("PK\x06\x07"u8));
    }

    [Theory]
    [InlineData(CompressionMethod.None, 10)]
    [InlineData(CompressionMethod.Deflate, 20)]
    [InlineData(CompressionMethod.Zstandard, 63)]
    public void Local_Method_NeedsTheVersionThatKnowsIt(CompressionMethod method, int version)
    {
        var record = new byte[100];
        var encoder = new ZipRecordEncoder(ZipTime.From(DateTimeOffset.UnixEpoch), uint.MaxValue);

        encoder.Local(record, new ZipEntryFacts("a", method, false, 1, 2, 3, 4), "a"u8);

        Assert.Equal(version, BinaryPrimitives.ReadUInt16LittleEndian(record.AsSpan(4)));
    }

    [Fact]
    public async Task ReadCentralDirectoryAsync_AnyByteChanged_ThrowsOnlyItsOwn()
    {
        var (sink, reader) = await WriteAsync(new ArchiveWriterOptions { Zip64Limit = 1 });
        var bytes = await sink.ReadObjectAsync(Volume);
        await Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Byte).SampleAsync(
            async (position, value) =>
            {
                var changed = bytes.ToArray();
                changed[position] = value;
                await ReadHostileAsync(changed);
            },
            iter: 2000,
            threads: 1);
    }

    [Fact]
    public async Task ReadCentralDirectoryAsync_AnyBytes_ThrowsOnlyItsOwn() =>
        await Gen.Byte.Array[0, 200].SampleAsync(ReadHostileAsync, iter: 500, threads: 1);

    public static TheoryData<string, int, byte[]> DirectoryLies => new()
    {
        // What is changed, where in the first directory header or (below 0) before the end of the volume, and to what.
        { "stored size", 20, [0xff, 0xff, 0, 0] },
        { "offset over the next entry", 42, [20, 0, 0, 0] },
        { "offset beyond the volume", 42, [0, 0, 0, 0x7f] },
        { "zip64 marker without a field", 42, [0xff, 0xff, 0xff, 0xff] },
        { "encryption", 8, [0x01, 0x08] },
        { "method 99", 10, [99, 0] },
        { "symbolic link", 38, [0, 0, 0xff, 0xa1] },
        { "comment", 32, [5, 0] },
        { "another disk", 34, [1, 0] },
        { "longer name", 28, [0xff, 0xff] },
        { "longer extra field", 30, [0xff, 0x00] },
        { "name that leaves its folder", 46, [(byte)'/'] },
        { "name that is no UTF-8", 46, [0xff] },
        { "name of another entry", 46, [(byte)'b'] },
        { "fewer entries", -14, [2, 0, 2, 0] },
        { "more entries", -14, [4, 0, 4, 0] },
        { "two counts", -14, [2, 0] },
        { "smaller directory", -10, [1, 0, 0, 0] },
        { "directory elsewhere", -6, [1, 0, 0, 0] },
        { "archive comment", -2, [1, 0] },
        { "zip64 that is not there", -14, [0xff, 0xff, 0xff, 0xff] },
    };

    [Theory]
    [MemberData(nameof(DirectoryLies))]
    public async Task ReadCentralDirectoryAsync_Lie_Throws(string lie, int position, byte[] value)
    {
        var (sink, reader) = await WriteAsync(new ArchiveWriterOptions());
        var end = await reader.Volume(1).ReadEndAsync(CancellationToken.None);
        var bytes = await sink.ReadObjectAsync(Volume);
        value.CopyTo(bytes, position < 0 ? bytes.Length + position : (int)end.DirectoryOffset + position);
        await sink.WriteObjectAsync(Volume, bytes);

        var exception = await Assert.ThrowsAsync<ArchiveFormatException>(
            async () => await reader.Volume(1).ReadCentralDirectoryAsync(CancellationToken.None).ToListAsync());

        Assert.True(exception.Subject == Volume, lie);
    }

    [Theory]
    [InlineData("other path")]
    [InlineData("other method")]
    [InlineData("other size")]
    [InlineData("other crc")]
    [InlineData("before an entry")]
    [InlineData("beyond the end")]
    [InlineData("larger than the volume")]
    [InlineData("far away")]
    public async Task OpenEntryAsync_IndexContradictsTheLocalHeader_Throws(string lie)
    {
        var (_, reader) = await WriteAsync(new ArchiveWriterOptions());
        var entry = (await reader.FindAsync("a", CancellationToken.None))!;
        entry = lie switch
        {
            "other path" => entry with { Path = "x" },
            "other method" => entry with { Method = CompressionMethod.Zstandard },
            "other size" => entry with { RawBytes = entry.RawBytes + 1 },
            "other crc" => entry with { Crc32 = entry.Crc32 + 1 },
            "before an entry" => entry with { Offset = entry.Offset + 1 },
            "beyond the end" => entry with { Offset = reader.Manifest.Volumes[0].Bytes - 1 },
            "larger than the volume" => entry with { StoredBytes = long.MaxValue },
            _ => entry with { Offset = long.MaxValue },
        };

        await Assert.ThrowsAsync<ArchiveFormatException>(async () => await reader.OpenEntryAsync(entry, CancellationToken.None));
    }

    [Fact]
    public async Task OpenEntryAsync_VolumeThatIsNone_Throws()
    {
        var (_, reader) = await WriteAsync(new ArchiveWriterOptions());
        var entry = (await reader.FindAsync("a", CancellationToken.None))!;

        await Assert.ThrowsAsync<ArchiveFormatException>(
            async () => await reader.OpenEntryAsync(entry with { Volume = 2 }, CancellationToken.None));
    }

    private static async Task<(InMemorySink Sink, ArchiveReader Reader)> WriteAsync(ArchiveWriterOptions options)
    {
        var sink = new InMemorySink();
        var text = Encoding.ASCII.GetBytes(new string('x', 50));
        await using var writer = new ArchiveWriter(sink, ArchiveBuilder.Id, options);
        await writer.AppendAsync("a", text, new NoCompressor());
        await writer.StreamAsync("b", text, new DeflateCompressor());
        await writer.AppendAsync("ünïcode/名前", text, new ZstandardCompressor());
        await writer.CommitAsync();
        return (sink, await ArchiveReader.OpenAsync(sink, ArchiveBuilder.Id, CancellationToken.None));
    }

    private static async Task ReadHostileAsync(byte[] bytes)
    {
        var sink = new InMemorySink();
        await sink.WriteObjectAsync(Volume, bytes);
        try
        {
            await new ZipVolumeReader(sink, Volume, bytes.Length).ReadCentralDirectoryAsync(CancellationToken.None).CountAsync();
        }
        catch (ArchiveFormatException)
        {
            // Any other exception fails the test.
        }
    }
}
