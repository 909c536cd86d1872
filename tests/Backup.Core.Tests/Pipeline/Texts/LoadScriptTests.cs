using System.Text;
using Backup.Core.Archives.Manifest;
using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Texts;
using Backup.Core.Postgres;

namespace Backup.Core.Tests.Pipeline.Texts;

public sealed class LoadScriptTests
{
    [Fact]
    public async Task WriteAsync_OrdinaryTable_LoadsEachPage()
    {
        var lines = await WriteAsync(Table("public", "film", 2, "id", "Title"));

        Assert.Contains(
            @"\copy public.film (id, ""Title"") FROM 'database/data/x/000001.copy' WITH (ENCODING 'LATIN1')", lines);
        Assert.Contains(
            @"\copy public.film (id, ""Title"") FROM 'database/data/x/000002.copy' WITH (ENCODING 'LATIN1')", lines);
    }

    [Fact]
    public async Task WriteAsync_TableWithoutColumns_HasNoList()
    {
        var lines = await WriteAsync(Table("public", "t", 1));

        Assert.Contains(@"\copy public.t FROM 'database/data/x/000001.copy' WITH (ENCODING 'LATIN1')", lines);
    }

    [Fact]
    public async Task WriteAsync_NameWithLineBreak_IsRenamedForTheLoad()
    {
        var script = string.Join('\n', await WriteAsync(Table("my schema", "a\nb", 1, "id")));

        Assert.Contains("ALTER TABLE \"my schema\".\"a\nb\" RENAME TO backup_core_load;", script, StringComparison.Ordinal);
        Assert.Contains("set_config('search_path', '\"my schema\"', false)", script, StringComparison.Ordinal);
        Assert.Contains(@"\copy backup_core_load (id) FROM", script, StringComparison.Ordinal);
        Assert.Contains("ALTER TABLE \"my schema\".backup_core_load RENAME TO \"a\nb\";", script, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteAsync_PartitionWhoseRowsAreDistributed_IsLoadedIntoItsTable()
    {
        var table = Table("public", "part 1", 1, "id") with { LoadInto = new TableName { Schema = "other", Name = "All" } };

        var lines = await WriteAsync(table);

        Assert.Contains(@"\copy other.""All"" (id) FROM 'database/data/x/000001.copy' WITH (ENCODING 'LATIN1')", lines);
    }

    [Fact]
    public async Task WriteAsync_Sequences_AreSetAtTheEnd()
    {
        var lines = await WriteAsync(Table("public", "t", 1, "id"));

        Assert.Equal("SELECT pg_catalog.setval('public.s', 7, true);", lines[^1]);
    }

    [Fact]
    public async Task WriteAsync_Incremental_BeginsByTellingThatFilesAreElsewhere()
    {
        var lines = await WriteAsync(Table("public", "t", 1, "id"), isIncremental: true);

        Assert.Contains("some of the files named below lie in older backups", lines[0], StringComparison.Ordinal);
        Assert.Contains(@"\set ON_ERROR_STOP on", lines);
    }

    [Fact]
    public async Task WriteAsync_TablesOfAPlatform_SwitchesTheirTriggersOff()
    {
        Assert.Contains("SET session_replication_role = replica;", await WriteAsync(Table("auth", "users", 1, "id"), preset: "supabase"));
        Assert.DoesNotContain("SET session_replication_role = replica;", await WriteAsync(Table("auth", "users", 1, "id")));
    }

    private static TableRecord Table(string schema, string name, int pages, params string[] columns) => new()
    {
        Schema = schema,
        Name = name,
        Path = "database/data/x/",
        Columns = columns,
        Pages = pages,
        Rows = 0,
        RawBytes = 0,
    };

    private static async Task<string[]> WriteAsync(TableRecord table, bool isIncremental = false, string? preset = null)
    {
        var stream = new MemoryStream();
        var info = new SnapshotInfo
        {
            DatabaseName = "d", ServerVersion = "15.1", ServerVersionNumber = 150001, Encoding = "LATIN1", TakenAt = DateTimeOffset.UnixEpoch, Lsn = null, IsStandby = false,
        };
        await LoadScript.WriteAsync(
            stream,
            new CopiedDatabase(info, [table], [], []) { Preset = preset },
            ["SELECT pg_catalog.setval('public.s', 7, true);\n"],
            isIncremental,
            CancellationToken.None);
        return Encoding.UTF8.GetString(stream.ToArray()).TrimEnd('\n').Split('\n');
    }
}
