using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Referencing;
using Backup.Core.Pipeline.Incremental;
using Backup.Core.Pipeline.Suspension;
using Backup.Core.Postgres;
using Backup.Core.Sinks;
using Backup.Core.Tests.Archives.Referencing;
using Backup.Core.Tests.Pipeline.Fakes;

namespace Backup.Core.Tests.Pipeline.Suspension;

public sealed class TableStartsTests
{
    private static readonly TableInfo Table = new InMemoryTable("t", InMemoryTable.Rows(10, 100), InMemoryTable.Rows(10, 100))
    {
        Writes = InMemoryTable.Written(20),
    }.ToInfo(7);

    // The rows of a table that is not read are counted with its first page: whoever went on behind that would count them again.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task For_TableMayBeMixed_RemembersPagesUnlessItIsNotRead(bool trustsStatistics)
    {
        var parent = await MadeUpBackup.WriteAsync(new InMemorySink(), [MadeUpBackup.Page("t", 1), MadeUpBackup.Page("t", 2)]);
        using var index = await ParentIndex.OpenAsync(parent, 1024 * 1024, CancellationToken.None);
        var record = new TableRecord
        {
            Schema = "public",
            Name = "t",
            Path = EntryPaths.TableFolder("public", "t"),
            Columns = Table.Columns,
            Pages = 2,
            Rows = 20,
            RawBytes = 2000,
            PageBlocks = 1,
            Activity = ActivityOfTable.ToRecord(Table),
        };

        var start = new TableStarts(null, new PageLimits { MaxBlocks = 1 }, allowsMixed: true, trustsStatistics).For(Table, new ParentTable(index, record));

        Assert.Equal((trustsStatistics, !trustsStatistics), (start.IsUnchanged, start.RemembersPages));
    }
}
