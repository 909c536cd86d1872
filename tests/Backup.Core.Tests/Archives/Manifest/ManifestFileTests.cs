using System.Security.Cryptography;
using System.Text;
using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Errors;
using Backup.Core.Sinks;
using Backup.TestKit.Archives;
using CsCheck;

namespace Backup.Core.Tests.Archives.Manifest;

public sealed class ManifestFileTests
{
    private static readonly string Sha256 = new('a', 64);

    [Fact]
    public void Parse_WhatSerializeGave_IsTheSameManifest() =>
        Gen.Select(AnyText.WellFormed(0, 40), Gen.Int[0, 1000], Gen.Long[0, long.MaxValue]).Sample((text, pages, rows) =>
        {
            var manifest = Sample(text, pages, rows);
            var parsed = ManifestFile.Parse(ManifestFile.Serialize(manifest), "manifest.json");
            return Encoding.UTF8.GetString(ManifestFile.Serialize(parsed)) == Encoding.UTF8.GetString(ManifestFile.Serialize(manifest))
                && parsed.Database!.Tables[0].Name == text && parsed.Id == manifest.Id
                && parsed.Volumes.SequenceEqual(manifest.Volumes) && parsed.IndexParts.SequenceEqual(manifest.IndexParts);
        });

    [Fact]
    public void Parse_AnyByteFlipped_Throws()
    {
        var file = ManifestFile.Serialize(Sample());
        for (var i = 0; i < file.Length; i++)
        {
            foreach (var mask in (ReadOnlySpan<byte>)[0x01, 0x20, 0x80])
            {
                file[i] ^= mask;
                Assert.ThrowsAny<ArchiveFormatException>(() => ManifestFile.Parse(file, "manifest.json"));
                file[i] ^= mask;
            }
        }
    }

    [Fact]
    public void Parse_CutShortAnywhere_Throws()
    {
        var file = ManifestFile.Serialize(Sample());
        for (var length = 0; length < file.Length; length++)
        {
            Assert.ThrowsAny<ArchiveFormatException>(() => ManifestFile.Parse(file.AsSpan(0, length), "manifest.json"));
        }
    }

    [Fact]
    public void Parse_AnyBytes_ThrowsNothingButItsOwn() =>
        Gen.Byte.Array[0, 300].Sample(bytes =>
            Assert.ThrowsAny<ArchiveFormatException>(() => ManifestFile.Parse(bytes, "manifest.json")));

    [Fact]
    public void Parse_NewerMajorVersion_SaysSo()
    {
        var file = Encoding.UTF8.GetBytes("""{ "future": [ {} ], "formatVersion": "3.0", "other": true }""");

        var exception = Assert.Throws<UnsupportedFormatVersionException>(() => ManifestFile.Parse(file, "x/manifest.json"));

        Assert.Contains("version 3", exception.Message, StringComparison.Ordinal);
        Assert.Equal("x/manifest.json", exception.Subject);
        Assert.NotNull(exception.Hint);
    }

    [Fact]
    public void Parse_NewerMinorVersionWithUnknownProperties_IsRead()
    {
        var file = Rewrite(text => text
            .Replace("\"1.0\"", "\"1.7\"", StringComparison.Ordinal)
            .Replace("  \"totals\"", "  \"later\": { \"deep\": [1, null] },\n  \"totals\"", StringComparison.Ordinal));

        Assert.Equal("1.7", ManifestFile.Parse(file, "manifest.json").FormatVersion);
    }

    [Theory]
    [InlineData("\"volume-0001.zip\"", "\"volume-0002.zip\"")]
    [InlineData("\"volume-0001.zip\"", "\"../volume-0001.zip\"")]
    [InlineData("\"volume-0001.zip\"", "null")]
    [InlineData("\"entries\": 3,", "\"entries\": -3,")]
    [InlineData("\"entries\": 3,", "\"entries\": 4,")]
    [InlineData("\"bytes\": 1000", "\"bytes\": 1e99")]
    [InlineData("\"volume\": 1", "\"volume\": 2")]
    [InlineData("aaaaaa\"", "AAAAAA\"")]
    [InlineData("\"id\": \"20261122T031500Z-7f3a\"", "\"id\": \"../../etc\"")]
    [InlineData("\"path\": \"database/data/public.film/\"", "\"path\": \"../public.film/\"")]
    [InlineData("\"film_id\"", "null")]
    [InlineData("\"failures\": []", "\"failures\": null")]
    [InlineData("\"failures\": []", "\"failures\": [null]")]
    [InlineData("\"formatVersion\": \"1.0\"", "\"formatVersion\": \"0.9\"")]
    [InlineData("\"formatVersion\": \"1.0\"", "\"formatVersion\": \"1\"")]
    [InlineData("\"rows\": 7", "\"rows\": 7, \"rows\": 8")]
    [InlineData("\"database\": {", "\"database\": {{")]
    public void Parse_RightDigestButImpossibleContent_Throws(string text, string otherwise)
    {
        var file = Rewrite(json =>
        {
            Assert.Contains(text, json, StringComparison.Ordinal);
            return json.Replace(text, otherwise, StringComparison.Ordinal);
        });

        Assert.Throws<ArchiveFormatException>(() => ManifestFile.Parse(file, "manifest.json"));
    }

    [Fact]
    public void Parse_RightDigestButNoUtf8_Throws()
    {
        var text = ManifestFile.Serialize(Sample());
        var body = text.AsSpan(0, text.AsSpan().IndexOf("  \"digest\""u8)).ToArray();
        body[body.AsSpan().IndexOf("pagila"u8)] = 0xff;
        var tail = $"  \"digest\": \"sha256:{Convert.ToHexStringLower(SHA256.HashData(body))}\"\n}}\n";

        Assert.Throws<ArchiveFormatException>(
            () => ManifestFile.Parse((byte[])[.. body, .. Encoding.UTF8.GetBytes(tail)], "manifest.json"));
    }

    [Fact]
    public async Task ReadAsync_NoManifest_SaysNotFound() =>
        await Assert.ThrowsAsync<BackupNotFoundException>(
            async () => await ManifestFile.ReadAsync(new InMemorySink(), ArchiveBuilder.Id, CancellationToken.None));

    [Fact]
    public async Task ReadAsync_IdThatIsNone_SaysNotFound() =>
        await Assert.ThrowsAsync<BackupNotFoundException>(
            async () => await ManifestFile.ReadAsync(new InMemorySink(), new BackupId("../x"), CancellationToken.None));

    [Fact]
    public async Task ReadAsync_ManifestOfAnotherBackup_Throws()
    {
        var sink = new InMemorySink();
        var other = new BackupId("20261122T031500Z-0000");
        await sink.WriteObjectAsync($"{other}/manifest.json", ManifestFile.Serialize(Sample()));

        var exception = await Assert.ThrowsAsync<ArchiveFormatException>(
            async () => await ManifestFile.ReadAsync(sink, other, CancellationToken.None));

        Assert.Contains("another backup", exception.Message, StringComparison.Ordinal);
    }

    private static byte[] Rewrite(Func<string, string> change)
    {
        var text = Encoding.UTF8.GetString(ManifestFile.Serialize(Sample()));
        var body = change(text[..text.IndexOf("  \"digest\"", StringComparison.Ordinal)]);
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        return Encoding.UTF8.GetBytes($"{body}  \"digest\": \"sha256:{digest}\"\n}}\n");
    }

    private static BackupManifest Sample(string table = "film", int pages = 1, long rows = 7) => new()
    {
        FormatVersion = "1.0",
        Id = ArchiveBuilder.Id,
        WrittenBy = "Backup.Core tests",
        StartedAt = new DateTimeOffset(2026, 11, 22, 3, 15, 0, TimeSpan.Zero),
        FinishedAt = new DateTimeOffset(2026, 11, 22, 3, 16, 0, TimeSpan.Zero),
        Database = new DatabaseSection
        {
            Name = "pagila",
            ServerVersion = "15.18",
            ServerVersionNumber = 150018,
            Encoding = "UTF8",
            SnapshotAt = new DateTimeOffset(2026, 11, 22, 3, 15, 1, TimeSpan.Zero),
            Tables =
            [
                new TableRecord
                {
                    Schema = "public",
                    Name = table,
                    Path = "database/data/public.film/",
                    Columns = ["film_id", "title"],
                    Pages = pages,
                    Rows = rows,
                    RawBytes = 100,
                },
            ],
        },
        Volumes = [new VolumeRecord("volume-0001.zip", 1000, Sha256, 3)],
        IndexParts = [new IndexPartRecord("index-0001.ndjson.gz", 200, Sha256, 3, 1, "a", "z")],
        Totals = new BackupTotals(3, rows, 100, 1000),
    };
}
