using System.Text;
using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Compression;
using Backup.Core.ObjectStores;
using Backup.TestKit.Archives;

namespace Backup.Core.Tests.Archives;

public sealed class RestoreGuideTests
{
    [Fact]
    public void Write_Deflate_NamesUnzipAndTheScriptsInOrder()
    {
        var guide = Write(CompressionMethod.Deflate);

        Assert.Contains("unzip -d restored 'volume-*.zip'", guide, StringComparison.Ordinal);
        Assert.Contains("20261122T031500Z-7f3a", guide, StringComparison.Ordinal);
        Assert.Contains("2026-11-22 03:15:01 UTC", guide, StringComparison.Ordinal);
        Assert.Contains("--encoding=UTF8", guide, StringComparison.Ordinal);
        var scripts = (string[])[EntryPaths.PreData, EntryPaths.LoadData, EntryPaths.PostData];
        Assert.Equal(scripts, scripts.OrderBy(script => guide.IndexOf($"-f {script}", StringComparison.Ordinal)));
        Assert.DoesNotContain('\r', guide);
    }

    [Fact]
    public void Write_Zstandard_DoesNotAdviseUnzip() =>
        Assert.DoesNotContain("unzip -d", Write(CompressionMethod.Zstandard), StringComparison.Ordinal);

    [Fact]
    public void Write_NameThatIsMarkdown_StaysInItsCodeSpan() =>
        Assert.Contains("`a  # b  c`", Write(CompressionMethod.Deflate, "a`\n# b`\tc"), StringComparison.Ordinal);

    [Fact]
    public void Write_DatabaseOnly_SaysNothingOfBuckets() =>
        Assert.DoesNotContain("storage", Write(CompressionMethod.Deflate), StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void Write_StorageOnly_SaysHowToPutTheFilesBackAndNothingOfADatabase()
    {
        var guide = Write(CompressionMethod.Deflate, database: null, ObjectListingMethod.Store);

        Assert.Contains("buckets of `https://project.example`, as the store listed them from 2026-11-22 03:15:00 UTC on.", guide, StringComparison.Ordinal);
        Assert.Contains(EntryPaths.Buckets, guide, StringComparison.Ordinal);
        Assert.Contains("zcat index-*.ndjson.gz", guide, StringComparison.Ordinal);
        Assert.DoesNotContain("psql", guide, StringComparison.Ordinal);
        Assert.DoesNotContain("database", guide, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_DatabaseAndStorage_SaysThatTheyAreOfOneInstantAndWhichRowsToLeaveOut()
    {
        var guide = Write(CompressionMethod.Deflate, "shop", ObjectListingMethod.Database);

        Assert.Contains("buckets of `https://project.example`, as they were at the same instant.", guide, StringComparison.Ordinal);
        Assert.Contains("leave the definitions of the schema `storage`", guide, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Incremental_NamesTheBackupsThatAreNeededAndHowToFetchTheirFiles()
    {
        var guide = Write(
            CompressionMethod.Deflate,
            "shop",
            ObjectListingMethod.Database,
            [new ReferenceRecord(new BackupId("20261120T031500Z-0001"), "", 7, 900), new ReferenceRecord(new BackupId("20261121T031500Z-0002"), "", 1, 20)]);

        Assert.Contains("It cannot be restored without them.", guide, StringComparison.Ordinal);
        Assert.Contains("\n- `20261120T031500Z-0001`: 7 files, 900 bytes as they are packed\n- `20261121T031500Z-0002`: 1 files", guide, StringComparison.Ordinal);
        Assert.Contains("for b in 20261120T031500Z-0001 20261121T031500Z-0002; do 7z x", guide, StringComparison.Ordinal);
        Assert.Contains("zcat references-*.ndjson.gz | jq", guide, StringComparison.Ordinal);
        Assert.Contains("zcat index-*.ndjson.gz references-*.ndjson.gz | jq", guide, StringComparison.Ordinal);
        Assert.True(guide.IndexOf("Fetch what lies", StringComparison.Ordinal) < guide.IndexOf("psql -X", StringComparison.Ordinal));
    }

    [Fact]
    public void Write_Full_SaysNothingOfOtherBackups() =>
        Assert.DoesNotContain("references-", Write(CompressionMethod.Deflate, "shop", ObjectListingMethod.Database), StringComparison.Ordinal);

    private static string Write(CompressionMethod method, string? database = "shop", ObjectListingMethod? listing = null, IReadOnlyList<ReferenceRecord>? references = null) =>
        Encoding.UTF8.GetString(RestoreGuide.Write(new RestoreGuideFacts
        {
            Id = ArchiveBuilder.Id,
            WrittenBy = "Backup.Core 0.1.0",
            Method = method,
            References = references ?? [],
            Database = database is null
                ? null
                : new RestoreGuideDatabase(database, "15.18", "UTF8", new DateTimeOffset(2026, 11, 22, 3, 15, 1, TimeSpan.Zero)),
            Storage = listing is { } how ? new RestoreGuideStorage("https://project.example", how) : null,
        }));
}
