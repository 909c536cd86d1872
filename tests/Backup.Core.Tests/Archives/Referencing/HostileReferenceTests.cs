using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Backup.Core.Archives;
using Backup.Core.Archives.Indexing;
using Backup.Core.Archives.Manifest;
using Backup.Core.Errors;
using Backup.Core.Sinks;
using Backup.TestKit.Archives;
using static Backup.Core.Tests.Archives.Referencing.IncrementalScene;

namespace Backup.Core.Tests.Archives.Referencing;

/// <summary>Backups whose references say what cannot be, with every digest right.</summary>
public sealed class HostileReferenceTests
{
    private const string Rest = """
        "volume":1,"offset":0,"method":8,"stored":2,"raw":0,"crc32":"00000000","xxh128":"99aa06d3014798d86001c324468d497f"}
        """;

    private readonly InMemorySink _sink = new();

    [Theory]
    [InlineData("""{"path":"a",""")]
    [InlineData("""{"path":"a","backup":null,""")]
    [InlineData("""{"path":"a","backup":"..",""")]
    [InlineData("""{"path":"a","backup":"20261122T031500Z-0002",""")]
    [InlineData("""{"path":"a","backup":"20261121T031500Z-0001/..",""")]
    [InlineData("""{"path":"a","backup":"20261121T031500Z-0001","backup":"20261121T031500Z-0001",""")]
    [InlineData("""{"path":"a","backup":"20261121T031500Z-0001","entry":"a",""")]
    [InlineData("""{"path":"a","backup":"20261121T031500Z-0001","entry":"../a",""")]
    [InlineData("""{"path":"a","backup":"20261121T031500Z-0001","entry":"/a",""")]
    [InlineData("""{"path":"../a","backup":"20261121T031500Z-0001",""")]
    public async Task ReadReferencesAsync_LineThatIsNoReference_Throws(string line)
    {
        var part = IndexFile.Of(await WritePartAsync(line + Rest));

        await Assert.ThrowsAsync<ArchiveFormatException>(
            async () => await new IndexPartReader(_sink, Second, part).ReadAsync(CancellationToken.None).CountAsync());
    }

    [Theory]
    [InlineData("""{"path":"a","backup":"20261121T031500Z-0001",""")]
    [InlineData("""{"path":"a","entry":"b",""")]
    public async Task ReadIndexAsync_LineOfTheIndexThatIsAReference_Throws(string line)
    {
        var part = IndexFile.Of(await WritePartAsync(line + Rest)) with { Volume = 1 };

        await Assert.ThrowsAsync<ArchiveFormatException>(
            async () => await new IndexPartReader(_sink, Second, part).ReadAsync(CancellationToken.None).CountAsync());
    }

    [Theory]
    [InlineData("""{"path":"a/1","backup":"20261123T031500Z-0003",""")]
    [InlineData("""{"path":"a/1","backup":"20261121T031500Z-0001","entry":"b/1",""")]
    [InlineData("""{"path":"a/1","backup":"20261121T031500Z-0001",""")]
    public async Task OpenEntryAsync_ReferenceToWhatIsNotThere_Throws(string line)
    {
        var full = await new IncrementalScene(_sink).WriteFullAsync();
        var manifest = await new IncrementalScene(_sink).WriteIncrementalAsync(Second, Full, "a/2");
        var part = await WritePartAsync((line + Rest).Replace("\"volume\":1", "\"volume\":9", StringComparison.Ordinal));
        Assert.Single(full.Volumes.Skip(1));
        await ReplaceAsync(manifest, part);
        var reader = await ArchiveReader.OpenAsync(_sink, Second, CancellationToken.None);
        var entry = await reader.FindAsync("a/1", CancellationToken.None);

        await Assert.ThrowsAsync<ArchiveFormatException>(async () => await reader.OpenEntryAsync(entry!, CancellationToken.None));
        await Assert.ThrowsAsync<ArchiveFormatException>(async () => await reader.ConfirmReferencesAsync(_ => true, CancellationToken.None));
    }

    [Fact]
    public async Task OpenEntryAsync_ReferenceToTheWrongPlace_Throws()
    {
        await new IncrementalScene(_sink).WriteFullAsync();
        var manifest = await new IncrementalScene(_sink).WriteIncrementalAsync(Second, Full, "a/2");
        await ReplaceAsync(manifest, await WritePartAsync("""{"path":"a/1","backup":"20261121T031500Z-0001","entry":"b/1",""" + Rest));
        var reader = await ArchiveReader.OpenAsync(_sink, Second, CancellationToken.None);
        var entry = await reader.FindAsync("a/1", CancellationToken.None);

        var exception = await Assert.ThrowsAsync<ArchiveFormatException>(async () => await reader.OpenEntryAsync(entry!, CancellationToken.None));

        Assert.Contains("the local header of a/1, which is not what the index says of b/1", exception.Message, StringComparison.Ordinal);
    }

    // Every count that the manifest gives fits the one line.
    private async Task ReplaceAsync(BackupManifest manifest, ReferencePartRecord part)
    {
        var changed = manifest with
        {
            ReferenceParts = [part with { FirstPath = "a/1", LastPath = "a/1" }],
            References = [manifest.References![0] with { Entries = 1, StoredBytes = 2 }],
            Totals = manifest.Totals with { Entries = manifest.Totals.Entries - 2, ReferencedEntries = 1, ReferencedBytes = 2 },
        };
        await _sink.WriteObjectAsync($"{Second}/manifest.json", ManifestFile.Serialize(changed));
    }

    private async Task<ReferencePartRecord> WritePartAsync(string line)
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"));
        }

        var name = ArchiveNames.ReferencePart(1);
        await _sink.WriteObjectAsync(ArchiveNames.InSink(Second, name), packed.ToArray());
        return new ReferencePartRecord(name, packed.Length, Convert.ToHexStringLower(SHA256.HashData(packed.ToArray())), 1, "a", "a");
    }
}
