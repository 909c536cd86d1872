using System.Text;
using Backup.Core.Archives;
using Backup.Core.Compression;
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

    private static string Write(CompressionMethod method, string database = "shop") =>
        Encoding.UTF8.GetString(RestoreGuide.Write(new RestoreGuideFacts
        {
            Id = ArchiveBuilder.Id,
            WrittenBy = "Backup.Core 0.1.0",
            Method = method,
            DatabaseName = database,
            ServerVersion = "15.18",
            Encoding = "UTF8",
            SnapshotAt = new DateTimeOffset(2026, 11, 22, 3, 15, 1, TimeSpan.Zero),
        }));
}
