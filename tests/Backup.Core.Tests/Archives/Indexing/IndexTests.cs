using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Backup.Core.Archives;
using Backup.Core.Archives.Indexing;
using Backup.Core.Archives.Manifest;
using Backup.Core.Compression;
using Backup.Core.Errors;
using Backup.Core.Sinks;
using Backup.TestKit.Archives;
using Backup.TestKit.Sinks;
using CsCheck;

namespace Backup.Core.Tests.Archives.Indexing;

public sealed class IndexTests
{
    [Fact]
    public void TryParse_WhatWriteGave_IsTheSameEntry() =>
        Gen.Select(
            AnyText.Paths,
            AnyText.WellFormed().Null(),
            Gen.Long[0, long.MaxValue],
            Gen.UInt).Sample((path, name, number, crc32) =>
            {
                var entry = Entry(path) with { Name = name, Offset = number, RawBytes = number, StoredBytes = number, Crc32 = crc32 };
                return IndexLine.TryParse(Line(entry).AsSpan(..^1), out var parsed) && parsed == entry;
            });

    [Fact]
    public void TryParse_AnyBytes_NeverThrows() =>
        Gen.Byte.Array[0, 100].Sample(bytes => IndexLine.TryParse(bytes, out _) || true);

    [Theory]
    [InlineData("\"path\":\"a\"", "\"path\":\"../a\"")]
    [InlineData("\"path\":\"a\"", "\"path\":null")]
    [InlineData("\"path\":\"a\"", "\"path\":\"a\",\"path\":\"b\"")]
    [InlineData("\"volume\":1", "\"volume\":0")]
    [InlineData("\"volume\":1", "\"volume\":4294967297")]
    [InlineData("\"offset\":0", "\"offset\":-1")]
    [InlineData("\"offset\":0", "\"offset\":1.5")]
    [InlineData("\"method\":8", "\"method\":12")]
    [InlineData("\"raw\":0", "\"raw\":\"0\"")]
    [InlineData("\"crc32\":\"00000000\"", "\"crc32\":\"0\"")]
    [InlineData("\"crc32\":\"00000000\"", "\"crc32\":0")]
    [InlineData("}", "} {}")]
    [InlineData("}", "")]
    public void TryParse_ImpossibleLine_IsRefused(string text, string otherwise)
    {
        var line = Encoding.UTF8.GetString(Line(Entry("a"))).TrimEnd('\n');
        Assert.Contains(text, line, StringComparison.Ordinal);

        Assert.False(IndexLine.TryParse(Encoding.UTF8.GetBytes(line.Replace(text, otherwise, StringComparison.Ordinal)), out _));
    }

    [Fact]
    public void TryParse_UnknownProperty_IsPassedOver()
    {
        var line = Encoding.UTF8.GetString(Line(Entry("a"))).Replace("{", "{\"later\":{\"x\":[1]},", StringComparison.Ordinal);

        Assert.True(IndexLine.TryParse(Encoding.UTF8.GetBytes(line), out var entry));
        Assert.Equal(Entry("a"), entry);
    }

    [Fact]
    public async Task ReadIndexAsync_ManyPartsAndAnyPrefix_GivesTheSortedEntriesThatBeginSo()
    {
        var (_, reader) = await WriteAsync(entries: 100, perVolume: 7);
        var all = Enumerable.Range(0, 100).Select(PathOf).Order(StringComparer.Ordinal).ToList();
        foreach (var prefix in (string[])["", "folder-1/", "folder-1/entry-02", "folder-", "g", "a", PathOf(99)])
        {
            var read = await reader.ReadIndexAsync(prefix, CancellationToken.None).Select(entry => entry.Path).ToListAsync();

            Assert.Equal(all.Where(path => path.StartsWith(prefix, StringComparison.Ordinal)), read);
        }
    }

    [Fact]
    public async Task ReadIndexAsync_PartsThatDoNotOverlap_OpensEachOnlyWhenItIsNext()
    {
        var sink = new FaultySink(new InMemorySink());
        await using (var writer = new ArchiveWriter(sink, ArchiveBuilder.Id, new ArchiveWriterOptions { MaxEntriesPerVolume = 4 }))
        {
            for (var i = 0; i < 20; i++)
            {
                await writer.AppendAsync($"entry-{i:D2}", [], new NoCompressor());
            }

            await writer.CommitAsync();
        }

        var reader = await ArchiveReader.OpenAsync(sink, ArchiveBuilder.Id, CancellationToken.None);
        var read = 0;
        await foreach (var entry in reader.ReadIndexAsync(string.Empty, CancellationToken.None))
        {
            Assert.Equal((read++ / 4) + 1, sink.Calls.Count(call => call.Contains("/index-", StringComparison.Ordinal)
                && call.StartsWith(nameof(SinkOperation.Open), StringComparison.Ordinal)));
        }

        Assert.Equal(20, read);
    }

    [Fact]
    public async Task AppendAsync_LittleMemoryForTheIndex_MakesMorePartsAndVolumesOfTheSameEntries()
    {
        var sink = new InMemorySink();
        await using (var writer = new ArchiveWriter(sink, ArchiveBuilder.Id, new ArchiveWriterOptions { IndexBytes = 3000 }))
        {
            for (var i = 0; i < 100; i++)
            {
                await writer.AppendAsync($"entry-{i:D2}", [], new NoCompressor());
            }

            await writer.CommitAsync();
        }

        var reader = await ArchiveReader.OpenAsync(sink, ArchiveBuilder.Id, CancellationToken.None);
        var read = await reader.ReadIndexAsync(string.Empty, CancellationToken.None).ToListAsync();
        Assert.Equal(100, read.Count);
        Assert.InRange(reader.Manifest.Volumes.Count, 2, 50);
        Assert.InRange(reader.Manifest.IndexParts.Count, reader.Manifest.Volumes.Count + 1, 100);
    }

    [Fact]
    public async Task FindAsync_PathThatIsNone_FindsNothing()
    {
        var (_, reader) = await WriteAsync(entries: 10, perVolume: 3);

        Assert.NotNull(await reader.FindAsync(PathOf(5), CancellationToken.None));
        Assert.Null(await reader.FindAsync(PathOf(5)[..^1], CancellationToken.None));
    }

    [Fact]
    public async Task ReadIndexAsync_AnyByteOfAPartFlipped_Throws()
    {
        var (sink, reader) = await WriteAsync(entries: 5, perVolume: 5);
        var name = ArchiveNames.InSink(ArchiveBuilder.Id, ArchiveNames.IndexPart(1));
        var bytes = await sink.ReadObjectAsync(name);
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 0x10;
            await sink.WriteObjectAsync(name, bytes);
            bytes[i] ^= 0x10;
            await Assert.ThrowsAsync<ArchiveFormatException>(() => ReadAllAsync(reader));
            await sink.WriteObjectAsync(name, bytes[..i]);
            await Assert.ThrowsAsync<ArchiveFormatException>(() => ReadAllAsync(reader));
        }
    }

    [Theory]
    [InlineData("fewer")]
    [InlineData("more")]
    [InlineData("unsorted")]
    [InlineData("twice")]
    [InlineData("empty line")]
    [InlineData("no line feed")]
    [InlineData("endless line")]
    [InlineData("other volume")]
    [InlineData("bytes after")]
    public async Task ReadAsync_PartWithRightDigestButOtherContent_Throws(string lie)
    {
        var lines = new[] { Line(Entry("a")), Line(Entry("b")), Line(Entry("c")) };
        byte[] text = lie switch
        {
            "fewer" => [.. lines[0], .. lines[1]],
            "more" => [.. lines[0], .. lines[1], .. lines[2], .. Line(Entry("d"))],
            "unsorted" => [.. lines[1], .. lines[0], .. lines[2]],
            "twice" => [.. lines[0], .. lines[0], .. lines[2]],
            "empty line" => [.. lines[0], .. "\n"u8, .. lines[1], .. lines[2]],
            "no line feed" => [.. lines[0], .. lines[1], .. lines[2].AsSpan(..^1)],
            "endless line" => [.. Enumerable.Repeat((byte)' ', 10_000_000)],
            "other volume" => [.. lines[0], .. Line(Entry("b") with { Volume = 2 }), .. lines[2]],
            _ => [.. lines[0], .. lines[1], .. lines[2]],
        };
        var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(text);
        }

        if (lie == "bytes after")
        {
            packed.Write(new byte[10]);
        }

        var sink = new InMemorySink();
        var part = new IndexPartRecord(
            "index-0001.ndjson.gz", packed.Length, Convert.ToHexStringLower(SHA256.HashData(packed.ToArray())), 3, 1, "a", "c");
        await sink.WriteObjectAsync(ArchiveNames.InSink(ArchiveBuilder.Id, part.Name), packed.ToArray());
        if (lie == "bytes after")
        {
            part = part with { Bytes = part.Bytes - 10 };
        }

        await Assert.ThrowsAsync<ArchiveFormatException>(async () =>
            await new IndexPartReader(sink, ArchiveBuilder.Id, IndexFile.Of(part)).ReadAsync(CancellationToken.None).CountAsync());
    }

    [Fact]
    public async Task ReadIndexAsync_PathInTwoParts_Throws()
    {
        var sink = new InMemorySink();
        await using (var writer = new ArchiveWriter(sink, ArchiveBuilder.Id, new ArchiveWriterOptions { MaxEntriesPerVolume = 1 }))
        {
            await writer.AppendAsync("a", [], new NoCompressor());
            await writer.AppendAsync("a", [], new NoCompressor());
            await writer.CommitAsync();
        }

        var reader = await ArchiveReader.OpenAsync(sink, ArchiveBuilder.Id, CancellationToken.None);
        var exception = await Assert.ThrowsAsync<ArchiveFormatException>(() => ReadAllAsync(reader));
        Assert.Contains("twice", exception.Message, StringComparison.Ordinal);
    }

    private static async Task<int> ReadAllAsync(ArchiveReader reader) =>
        await reader.ReadIndexAsync(string.Empty, CancellationToken.None).CountAsync();

    private static string PathOf(int number) => $"folder-{number % 10}/entry-{number:D3}";

    private static async Task<(InMemorySink Sink, ArchiveReader Reader)> WriteAsync(int entries, int perVolume)
    {
        var sink = new InMemorySink();
        await using var writer = new ArchiveWriter(
            sink, ArchiveBuilder.Id, new ArchiveWriterOptions { MaxEntriesPerVolume = perVolume });
        for (var i = 0; i < entries; i++)
        {
            await writer.AppendAsync(PathOf(i * 37 % entries), [(byte)i], new NoCompressor());
        }

        await writer.CommitAsync();
        return (sink, await ArchiveReader.OpenAsync(sink, ArchiveBuilder.Id, CancellationToken.None));
    }

    private static IndexEntry Entry(string path) => new()
    {
        Path = path,
        Volume = 1,
        Offset = 0,
        Method = CompressionMethod.Deflate,
        RawBytes = 0,
        StoredBytes = 0,
        Crc32 = 0,
        Digest = ContentHash.Empty,
    };

    private static byte[] Line(IndexEntry entry)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, IndexLine.WriterOptions);
        IndexLine.Write(entry, json, buffer);
        return buffer.WrittenSpan.ToArray();
    }
}
