using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Catalog;
using Backup.Core.Pipeline.Incremental;
using Backup.TestKit.Archives;

namespace Backup.Core.Tests.Pipeline.Incremental;

public sealed class NewestContentTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task FirstAsync_MergedOneOfAnOlderInstant_ComesWhereItsRowsBelong()
    {
        var monday = Entry(0);
        var tuesday = Entry(24);
        var merged = Entry(30, BackupKind.Merged, Noon);

        Assert.Equal([tuesday.Id, merged.Id, monday.Id], await OrderAsync(merged, tuesday, monday));
    }

    [Fact]
    public async Task FirstAsync_OneSecond_GoesByTheirTimes()
    {
        var first = Entry(0, digits: "ffff", after: TimeSpan.FromMilliseconds(100));
        var second = Entry(0, digits: "0000", after: TimeSpan.FromMilliseconds(600));

        Assert.Equal([second.Id, first.Id], await OrderAsync(first, second));
    }

    [Fact]
    public async Task FirstAsync_Damaged_StaysWhereItsIdIs()
    {
        var damaged = new CatalogEntry { Id = Entry(2).Id };

        Assert.Equal([Entry(3).Id, damaged.Id, Entry(1).Id], await OrderAsync(Entry(3), damaged, Entry(1)));
    }

    private static async Task<IEnumerable<BackupId>> OrderAsync(params CatalogEntry[] entries) =>
        await NewestContent.FirstAsync(entries.ToAsyncEnumerable(), CancellationToken.None).Select(entry => entry.Id).ToListAsync();

    private static CatalogEntry Entry(
        int hours, BackupKind kind = BackupKind.Full, DateTimeOffset? snapshotAt = null, string digits = "7f3a", TimeSpan after = default)
    {
        var startedAt = Noon.AddHours(hours);
        var id = new BackupId($"{startedAt:yyyyMMdd'T'HHmmss'Z'}-{digits}");
        return new CatalogEntry
        {
            Id = id,
            Manifest = ArchiveBuilder.ManifestOf(new([], [], 0, 0, 0)) with
            {
                Id = id,
                Kind = kind,
                StartedAt = startedAt + after,
                Database = new DatabaseSection
                {
                    Name = "shop",
                    ServerVersion = "15.1",
                    ServerVersionNumber = 150001,
                    Encoding = "UTF8",
                    SnapshotAt = snapshotAt ?? startedAt + after,
                    Tables = [],
                },
            },
        };
    }
}
