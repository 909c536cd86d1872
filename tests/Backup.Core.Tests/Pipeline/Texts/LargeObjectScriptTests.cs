using Backup.Core.Archives.Manifest;
using Backup.Core.Pipeline.Texts;

namespace Backup.Core.Tests.Pipeline.Texts;

public sealed class LargeObjectScriptTests
{
    private static readonly TableRecord Table = Record("public", "film", 1);
    private static readonly TableRecord List = Record("pg_catalog", "pg_largeobject_metadata", 1);
    private static readonly TableRecord Contents = Record("pg_catalog", "pg_largeobject", 2);

    [Fact]
    public void Fill_BothTables_MakesObjectsBeforeItWritesThem()
    {
        var lines = LargeObjectScript.Fill([Table, Contents, List], "UTF8").ToList();

        Assert.Equal(7, lines.Count);
        Assert.Equal(
            @"\copy pg_temp.backup_core_large_objects FROM 'database/data/pg_catalog.pg_largeobject_metadata/000001.copy' WITH (ENCODING 'UTF8')",
            lines[2]);
        Assert.Contains("lo_create(oid)", lines[3], StringComparison.Ordinal);
        Assert.Equal(
            @"\copy pg_temp.backup_core_large_object_contents FROM 'database/data/pg_catalog.pg_largeobject/000002.copy' WITH (ENCODING 'UTF8')"
            + " WHERE pg_catalog.lo_put(oid, \"offset\", data) IS NULL",
            lines[6]);
    }

    [Fact]
    public void Finish_BothTables_RunsWhatTheListSays()
    {
        var lines = LargeObjectScript.Finish([Contents, List]).ToList();

        Assert.Equal(2, lines.Count(line => line == @"\gexec"));
        Assert.Contains("SELECT privileges, comments FROM", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Fill_ContentsMissing_SaysNothing()
    {
        Assert.Empty(LargeObjectScript.Fill([Table, List], "UTF8"));
        Assert.Empty(LargeObjectScript.Finish([Table, List]));
    }

    private static TableRecord Record(string schema, string name, int pages) => new()
    {
        Schema = schema,
        Name = name,
        Path = $"database/data/{schema}.{name}/",
        Columns = ["oid"],
        Pages = pages,
        Rows = 1,
        RawBytes = 1,
    };
}
