using Backup.Core.Archives.Manifest;
using Backup.Core.Postgres.Schema;
using Backup.Core.Restore;

namespace Backup.Core.Tests.Restore;

public sealed class TargetStorageSchemaTests
{
    private static readonly TocEntry[] Entries =
    [
        Toc.Entry(1, "SCHEMA", "storage"),
        Toc.Entry(2, "FUNCTION", "touch()") with { Schema = "storage" },
        Toc.Entry(3, "FUNCTION", "log_upload()"),
        Toc.Entry(4, "TABLE", "objects", "objects", 1) with { Schema = "storage" },
        Toc.Entry(5, "TABLE", "avatar", "avatar"),
        Toc.Entry(6, "CONSTRAINT", "objects_pkey", "objects", 4) with { Schema = "storage" },
        Toc.Entry(7, "FK CONSTRAINT", "avatar_file", "avatar", 5, 6),
        Toc.Entry(8, "TRIGGER", "touch_objects", "objects", 2, 4) with { Schema = "storage" },
        Toc.Entry(9, "TRIGGER", "log_uploads", "objects", 3, 4) with { Schema = "storage" },
        Toc.Entry(10, "POLICY", "read own", "objects", 4) with { Schema = "storage" },
        Toc.Entry(11, "COMMENT", "read own", "objects", 10) with { Schema = "storage" },
        Toc.Entry(12, "ACL", "storage", null, 1) with { Schema = null },
        Toc.Entry(13, "ACL", "avatar", "avatar", 5),
    ];

    [Fact]
    public void TakeOutOf_ServersSchema_KeepsWhatTheApplicationAddedAndTheTargetLacks()
    {
        var set = Take([], new RestoreRequest());

        Assert.Equal([3, 5, 7, 9, 10, 11, 13], set.Objects.Select(entry => entry.Id).Order());
        Assert.Equal(["public.avatar"], set.Tables.Select(table => $"{table.Schema}.{table.Name}"));
        Assert.Equal(
            [("SCHEMA", "storage"), ("TABLE DATA", "storage.objects")],
            set.LeftOut.Select(item => (item.Kind, item.Name)));
    }

    [Fact]
    public void TakeOutOf_PolicyAndTriggerAreThere_LeavesThem()
    {
        var set = Take([("POLICY", "objects", "read own"), ("TRIGGER", "objects", "log_uploads")], new RestoreRequest());

        Assert.Equal([3, 5, 7, 13], set.Objects.Select(entry => entry.Id).Order());
    }

    [Fact]
    public void TakeOutOf_CleanRestore_ReplacesThem()
    {
        var set = Take([("POLICY", "objects", "read own")], new RestoreRequest { Clean = true });

        Assert.Contains(set.PostData, entry => entry.Id == 10);
    }

    [Fact]
    public void TakeOutOf_NothingOfTheSchemaChosen_ReportsNothing()
    {
        var request = new RestoreRequest { Tables = new() { IncludeTables = ["public.avatar"] } };

        Assert.DoesNotContain(new TargetStorageSchema([]).TakeOutOf(Select(request), request).LeftOut, item => item.Kind != "FK CONSTRAINT");
    }

    private static RestoreSet Take((string Kind, string Table, string Name)[] present, RestoreRequest request) =>
        new TargetStorageSchema(present).TakeOutOf(Select(request), request);

    private static RestoreSet Select(RestoreRequest request) =>
        RestoreSelector.Select(new DatabaseSchema(Entries), [Table("public", "avatar"), Table("storage", "objects"), Table("storage", "buckets", 0)], request);

    private static TableRecord Table(string schema, string name, long rows = 1) => new()
    {
        Schema = schema,
        Name = name,
        Path = $"database/data/{schema}.{name}/",
        Columns = ["id"],
        Pages = 1,
        Rows = rows,
        RawBytes = 2,
    };
}
