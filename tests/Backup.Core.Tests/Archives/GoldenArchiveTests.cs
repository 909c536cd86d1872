using System.Text;
using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Compression;
using Backup.Core.Sinks;
using Backup.Core.Verification;

namespace Backup.Core.Tests.Archives;

/// <summary>A backup of format 1.0 as the first release wrote it. The files are never written again: every later reader must read them.</summary>
public sealed class GoldenArchiveTests
{
    private static readonly BackupId Id = new("20261122T031500Z-7f3a");
    private static readonly string Folder = Path.Join(AppContext.BaseDirectory, "Fixtures", "format-1");

    [Fact]
    public async Task OpenAsync_Format1_HasItsManifest()
    {
        var manifest = (await OpenAsync()).Manifest;

        Assert.Equal("1.0", manifest.FormatVersion);
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 3, 16, 0, TimeSpan.Zero), manifest.FinishedAt);
        Assert.Equal([6, 6, 2], manifest.Volumes.Select(volume => volume.Entries));
        Assert.Equal([1, 2, 3], manifest.IndexParts.Select(part => part.Volume));
        Assert.Equal(14, manifest.Totals.Entries);
        Assert.Equal([new FailureRecord("public.secret", "permission denied for table secret")], manifest.Failures);
        var database = manifest.Database!;
        Assert.Equal(("shop", 150018, "UTF8", "0/3000148"), (database.Name, database.ServerVersionNumber, database.Encoding, database.SnapshotLsn));
        var table = Assert.Single(database.Tables);
        Assert.Equal(("public", "Grüße", "database/data/public.%47r%c3%bc%c3%9fe/"), (table.Schema, table.Name, table.Path));
        Assert.Equal(["id", "text"], table.Columns);
    }

    [Fact]
    public async Task OpenEntryAsync_Format1_GivesEveryEntry()
    {
        var reader = await OpenAsync();
        var entries = await reader.ReadIndexAsync(string.Empty, CancellationToken.None).ToListAsync();

        Assert.Equal(
            [
                "RESTORE.md", "data/deflate/appended", "data/deflate/streamed", "data/empty", "data/none/appended", "data/none/streamed",
                "data/zstd/appended", "data/zstd/streamed", "data/ünïcode/名前.txt",
                "database/data/public.%47r%c3%bc%c3%9fe/000001.copy", EntryPaths.LoadData, EntryPaths.PostData, EntryPaths.PreData,
                EntryPaths.Toc,
            ],
            entries.Select(entry => entry.Path));
        Assert.Equal("The true name", entries.Single(entry => entry.Name is not null).Name);
        Assert.Equal(
            [CompressionMethod.None, CompressionMethod.Deflate, CompressionMethod.Zstandard],
            entries.Select(entry => entry.Method).Distinct().Order());
        foreach (var entry in entries.Where(entry => entry.Path != EntryPaths.Toc))
        {
            await using var stream = await reader.OpenEntryAsync(entry, CancellationToken.None);
            using var text = new StreamReader(stream, Encoding.UTF8);
            Assert.Equal(ContentOf(entry.Path), await text.ReadToEndAsync());
        }
    }

    [Fact]
    public async Task VerifyAsync_Format1_IsIntact() =>
        Assert.Empty((await new BackupVerifier(new DirectorySink(Folder)).VerifyAsync(Id)).Findings);

    private static string ContentOf(string path) => path switch
    {
        "RESTORE.md" => "# Golden\n",
        "data/empty" => string.Empty,
        EntryPaths.PreData or EntryPaths.LoadData or EntryPaths.PostData => "-- golden\n",
        _ => string.Concat(Enumerable.Range(0, 300).Select(i => $"{i}\tline {i * 7 % 13} of {path}\n")),
    };

    private static async Task<ArchiveReader> OpenAsync() =>
        await ArchiveReader.OpenAsync(new DirectorySink(Folder), Id, CancellationToken.None);
}
