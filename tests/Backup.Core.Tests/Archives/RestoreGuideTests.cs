using System.Text;
using Backup.Core.Archives;
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

    private static string Write(CompressionMethod method, string? database = "shop", ObjectListingMethod? listing = null) =>
        Encoding.UTF8.GetString(RestoreGuide.Write(new RestoreGuideFacts
        {
            Id = ArchiveBuilder.Id,
            WrittenBy = "Backup.Core 0.1.0",
            Method = method,
            Database = database is null
                ? null
                : new RestoreGuideDatabase(database, "15.18", "UTF8", new DateTimeOffset(2026, 11, 22, 3, 15, 1, TimeSpan.Zero)),
            Storage = listing is { } how ? new RestoreGuideStorage("https://project.example", how) : null,
        }));
}
