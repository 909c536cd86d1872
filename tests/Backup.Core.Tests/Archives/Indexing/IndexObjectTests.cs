using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Backup.Core.Archives;
using Backup.Core.Archives.Indexing;
using Backup.Core.Compression;
using Backup.Core.ObjectStores;
using Backup.Core.Sinks;
using Backup.TestKit.Archives;
using CsCheck;

namespace Backup.Core.Tests.Archives.Indexing;

public sealed class IndexObjectTests
{
    private static readonly Gen<string> Texts = AnyText.WellFormed();

    private static readonly Gen<DateTimeOffset?> Times = Gen.Long[0, DateTime.MaxValue.Ticks]
        .Select(ticks => ticks % 5 == 0 ? default(DateTimeOffset?) : new DateTimeOffset(ticks, TimeSpan.Zero));

    [Fact]
    public void TryParse_WhatWriteGave_IsTheSameObject() =>
        Gen.Select(Texts, Texts, Texts.Null().Array[8], Times, Times, Gen.Long[0, long.MaxValue]).Sample((bucket, name, texts, created, updated, bytes) =>
        {
            var entry = Entry(bytes) with
            {
                Object = new StoredObject
                {
                    Bucket = bucket,
                    Name = name,
                    Bytes = bytes,
                    Id = texts[0],
                    ETag = texts[1],
                    Version = texts[2],
                    ContentType = texts[3],
                    CacheControl = texts[4],
                    UserMetadata = texts[5],
                    OwnerId = texts[6],
                    RobotsTag = texts[7],
                    CreatedAt = created,
                    UpdatedAt = updated,
                },
            };
            return IndexLine.TryParse(Line(entry), out var parsed) && parsed == entry;
        });

    [Theory]
    [InlineData("2026-11-22T03:15:00.123456+00:00", "2026-11-22T03:15:00.123456Z")]
    [InlineData("2026-11-22T03:15:00.1234567+00:00", "2026-11-22T03:15:00.1234567Z")]
    [InlineData("2026-11-22T05:15:00+02:00", "2026-11-22T03:15:00Z")]
    [InlineData("0001-01-01T00:00:00+00:00", "0001-01-01T00:00:00Z")]
    public void Write_Time_IsInUtcAndExact(string time, string expected)
    {
        var value = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
        var line = Line(Entry(0) with { Object = new StoredObject { Bucket = "b", Name = "n", CreatedAt = value } });

        Assert.Contains($"\"createdAt\":\"{expected}\"", Encoding.UTF8.GetString(line), StringComparison.Ordinal);
        Assert.True(IndexLine.TryParse(line, out var entry));
        Assert.Equal(value, entry!.Object!.CreatedAt);
    }

    [Fact]
    public void Write_UserMetadata_IsTheTextAsItWas()
    {
        const string Metadata = """{"b": 1.0, "a":  "\u00e9é", "n": 1e400}""";

        Assert.True(IndexLine.TryParse(Line(Entry(0) with { Object = new StoredObject { Bucket = "b", Name = "n", UserMetadata = Metadata } }), out var entry));

        Assert.Equal(Metadata, entry!.Object!.UserMetadata);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("\"b/n\"")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"bucket":"b"}""")]
    [InlineData("""{"name":"n"}""")]
    [InlineData("""{"bucket":"b","name":null}""")]
    [InlineData("""{"bucket":"b","name":7}""")]
    [InlineData("""{"bucket":"b","name":"\ud800"}""")]
    [InlineData("""{"bucket":"b","name":"n","name":"n"}""")]
    [InlineData("""{"bucket":"b","name":"n","etag":{}}""")]
    [InlineData("""{"bucket":"b","name":"n","id":null}""")]
    [InlineData("""{"bucket":"b","name":"n","userMetadata":{"a":1}}""")]
    [InlineData("""{"bucket":"b","name":"n","createdAt":"yesterday"}""")]
    [InlineData("""{"bucket":"b","name":"n","createdAt":"2026-11-22T03:15:00+02:00"}""")]
    [InlineData("""{"bucket":"b","name":"n","createdAt":"2026-02-30T03:15:00Z"}""")]
    [InlineData("""{"bucket":"b","name":"n","createdAt":1}""")]
    [InlineData("""{"bucket":"b","name":"n","updatedAt":"2026-11-22T03:15:00Z","updatedAt":"2026-11-22T03:15:00Z"}""")]
    [InlineData("""{"bucket":"b","name":"n"},"object":{"bucket":"b","name":"n"}""")]
    [InlineData("""{"bucket":"b","name":"n"}}""")]
    [InlineData("""{"bucket":"b","name":"n" """)]
    public void TryParse_ImpossibleObject_IsRefused(string text) => Assert.False(IndexLine.TryParse(LineWith(text), out _));

    [Fact]
    public void TryParse_ObjectOfBottomlessDepth_IsRefused() =>
        Assert.False(IndexLine.TryParse(LineWith($$"""{"bucket":"b","later":{{new string('[', 10_000)}}"""), out _));

    [Fact]
    public void TryParse_UnknownProperty_IsPassedOver()
    {
        Assert.True(IndexLine.TryParse(LineWith("""{"later":{"name":[1]},"bucket":"b","name":"n"}"""), out var entry));

        Assert.Equal(new StoredObject { Bucket = "b", Name = "n", Bytes = 5 }, entry!.Object);
    }

    [Fact]
    public void CanBeIndexed_LineOfJustTheLimit_IsTrueAndOneByteMoreIsFalse()
    {
        var fixedBytes = Line(LongestOf(HeaderWith(""))).Length;
        var longest = HeaderWith(new string('é', (ArchiveLimits.MaxIndexLineBytes - fixedBytes) / 2));
        var spare = ArchiveLimits.MaxIndexLineBytes - Line(LongestOf(longest)).Length;
        longest = HeaderWith(longest.Object!.UserMetadata + new string('a', spare));

        Assert.Equal(ArchiveLimits.MaxIndexLineBytes, Line(LongestOf(longest)).Length);
        Assert.True(longest.CanBeIndexed());
        Assert.False(HeaderWith(longest.Object!.UserMetadata + "a").CanBeIndexed());
        Assert.False(HeaderWith(new string('a', 10_000_000)).CanBeIndexed());
    }

    [Fact]
    public void CanBeIndexed_ManyCharactersThatAreEscaped_CountsWhatIsWritten()
    {
        Assert.True(HeaderWith(new string('\u0001', 10_000)).CanBeIndexed());
        Assert.False(HeaderWith(new string('\u0001', 11_000)).CanBeIndexed());
    }

    [Fact]
    public void CanBeIndexed_HalfASurrogatePair_IsFalse()
    {
        Assert.False(HeaderWith("\ud800").CanBeIndexed());
        Assert.False((HeaderWith("") with { Object = new StoredObject { Bucket = "b", Name = "\udc00" } }).CanBeIndexed());
    }

    [Fact]
    public void CanBeIndexed_AnyHeader_SaysWhetherItsLineIsShortEnough() =>
        Gen.Select(Texts, Gen.Int[0, 12_000]).Sample((text, times) =>
        {
            var header = HeaderWith(string.Concat(Enumerable.Repeat(text, Math.Min(times, 70_000 / (text.Length + 1)))));
            return header.CanBeIndexed() == Line(LongestOf(header)).Length <= ArchiveLimits.MaxIndexLineBytes;
        });

    [Fact]
    public async Task AppendAsync_ObjectThatDoesNotFitIntoTheIndex_ThrowsBeforeWriting()
    {
        await using var writer = new ArchiveWriter(new InMemorySink(), ArchiveBuilder.Id, new ArchiveWriterOptions());

        await Assert.ThrowsAsync<ArgumentException>(async () => await writer.AppendAsync(
            HeaderWith(new string('a', 70_000)), ArchiveBuilder.ContentOf([]), [], CancellationToken.None));

        Assert.Equal(0, writer.StoredBytes);
    }

    [Fact]
    public async Task CommitAsync_ObjectsWithMuchMetadata_ClosesPartsAndVolumesBeforeTheyGrow()
    {
        const int Objects = 1500;
        var sink = new InMemorySink();
        var random = new Random(1);
        await using (var writer = new ArchiveWriter(sink, ArchiveBuilder.Id, new ArchiveWriterOptions()))
        {
            for (var i = 0; i < Objects; i++)
            {
                var noise = new byte[30_000];
                random.NextBytes(noise);
                var header = HeaderWith(Convert.ToBase64String(noise)) with { Path = EntryPaths.StoredObject("b", $"{i:D4}") };
                await writer.AppendAsync(header, ArchiveBuilder.ContentOf([]), [], CancellationToken.None);
            }

            await writer.CommitAsync();
        }

        var reader = await ArchiveReader.OpenAsync(sink, ArchiveBuilder.Id, CancellationToken.None);

        Assert.Equal(Objects, await reader.ReadIndexAsync("storage/b/", CancellationToken.None).CountAsync());
        Assert.True(reader.Manifest.Volumes.Count > 1);
        Assert.All(reader.Manifest.IndexParts, part => Assert.InRange(part.Entries, 1, 110));
    }

    private static EntryHeader HeaderWith(string metadata) => new(
        "storage/b/n", null, CompressionMethod.None, new StoredObject { Bucket = "b", Name = "n", UserMetadata = metadata });

    private static IndexEntry LongestOf(in EntryHeader header) => Entry(long.MaxValue) with
    {
        Path = header.Path,
        Object = header.Object,
        Volume = int.MaxValue,
        Offset = long.MaxValue,
        StoredBytes = long.MaxValue,
        Method = header.Method,
    };

    private static IndexEntry Entry(long bytes) => new()
    {
        Path = "storage/b/n",
        Volume = 1,
        Offset = 0,
        Method = CompressionMethod.Deflate,
        RawBytes = bytes,
        StoredBytes = 0,
        Crc32 = 0,
        Digest = ContentHash.Empty,
    };

    private static byte[] LineWith(string value)
    {
        var line = Encoding.UTF8.GetString(Line(Entry(5)));
        return Encoding.UTF8.GetBytes($"{line[..^1]},\"object\":{value}}}");
    }

    private static byte[] Line(IndexEntry entry)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, IndexLine.WriterOptions);
        IndexLine.Write(entry, json, buffer);
        return buffer.WrittenSpan[..^1].ToArray();
    }
}
