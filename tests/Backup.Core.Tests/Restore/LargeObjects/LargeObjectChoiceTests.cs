using Backup.Core.Archives.Manifest;
using Backup.Core.Postgres;
using Backup.Core.Postgres.LargeObjects;
using Backup.Core.Postgres.Schema;
using Backup.Core.Restore;

namespace Backup.Core.Tests.Restore.LargeObjects;

public sealed class LargeObjectChoiceTests
{
    private static readonly TableRecord List = Record(LargeObjectRelations.Metadata);
    private static readonly TableRecord Contents = Record(LargeObjectRelations.Contents);

    [Fact]
    public void Select_Everything_TakesBoth()
    {
        var set = Select([Contents, List], new RestoreRequest());

        Assert.Equal([Contents, List], set.Tables);
        Assert.Equal(List, set.LargeObjects);
        Assert.Empty(set.LeftOut);
    }

    [Fact]
    public void Select_DataOnly_TakesBoth() =>
        Assert.Equal(2, Select([Contents, List], new RestoreRequest { Scope = RestoreScope.DataOnly }).Tables.Count);

    [Fact]
    public void Select_SchemaOnly_TakesNone() =>
        Assert.Null(Select([Contents, List], new RestoreRequest { Scope = RestoreScope.SchemaOnly }).LargeObjects);

    [Fact]
    public void Select_Tables_TakesNone() => Assert.Empty(
        Select([Contents, List], new RestoreRequest { Tables = new TableSelection { IncludeTables = ["*.*"] } }).Tables);

    [Fact]
    public void Select_ContentsThatCouldNotBeBackedUp_LeavesTheObjectsOutAndSaysSo()
    {
        var set = Select([List], new RestoreRequest());

        Assert.Empty(set.Tables);
        Assert.Contains("pg_catalog.pg_largeobject", Assert.Single(set.LeftOut).Reason, StringComparison.Ordinal);
    }

    private static RestoreSet Select(TableRecord[] tables, RestoreRequest request) =>
        RestoreSelector.Select(new DatabaseSchema([]), tables, request);

    private static TableRecord Record(QualifiedName name) => new()
    {
        Schema = name.Schema,
        Name = name.Name,
        Path = $"database/data/{name}/",
        Columns = ["oid"],
        Pages = 1,
        Rows = 1,
        RawBytes = 1,
    };
}
