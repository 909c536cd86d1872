using Backup.Core.Archives.Manifest;
using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;
using Backup.Core.Restore;

namespace Backup.Core.Tests.Restore;

public sealed class RestoreSelectorTests
{
    private static readonly TocEntry[] Entries =
    [
        Toc.Entry(1, "TYPE", "mood"),
        Toc.Entry(2, "TYPE", "unused"),
        Toc.Entry(3, "SEQUENCE", "film_id_seq"),
        Toc.Entry(4, "TABLE", "film", "film", 1),
        Toc.Entry(5, "DEFAULT", "film id", "film", 3, 4),
        Toc.Entry(6, "TABLE", "actor", "actor"),
        Toc.Entry(7, "VIEW", "film_list", null, 4, 6),
        Toc.Entry(8, "TABLE DATA", "actor", "actor", 6),
        Toc.Entry(9, "TABLE DATA", "film", "film", 4),
        Toc.Entry(10, "SEQUENCE SET", "film_id_seq", null, 3),
        Toc.Entry(11, "CONSTRAINT", "actor_pkey", "actor", 6),
        Toc.Entry(12, "CONSTRAINT", "film_pkey", "film", 4),
        Toc.Entry(13, "FK CONSTRAINT", "film_actor_fk", "film", 4, 11),
        Toc.Entry(14, "COMMENT", "film_pkey", null, 12),
        Toc.Entry(15, "ACL", "film", "film", 4),
        Toc.Entry(16, "EVENT TRIGGER", "watch"),
        Toc.Entry(17, "COMMENT", "watch", null, 16),
    ];

    private static readonly TableRecord[] Tables = [Table("actor"), Table("film")];

    [Fact]
    public void Select_Everything_PutsPrivilegesAndEventTriggersLast()
    {
        var set = Select(new RestoreRequest());

        Assert.Equal([1, 2, 3, 4, 5, 6, 7], Ids(set.PreData));
        Assert.Equal([10], Ids(set.Sequences));
        Assert.Equal([11, 12, 13, 14], Ids(set.PostData));
        Assert.Equal([15, 16, 17], Ids(set.Closing));
        Assert.Equal(["actor", "film"], set.Tables.Select(table => table.Name));
        Assert.Empty(set.LeftOut);
    }

    [Fact]
    public void Select_SchemaOnly_HasNoRows()
    {
        var set = Select(new RestoreRequest { Scope = RestoreScope.SchemaOnly });

        Assert.Empty(set.Tables);
        Assert.Empty(set.Sequences);
        Assert.NotEmpty(set.PostData);
    }

    [Fact]
    public void Select_DataOnly_HasNoDefinitions()
    {
        var set = Select(new RestoreRequest { Scope = RestoreScope.DataOnly });

        Assert.Empty(set.PreData);
        Assert.Empty(set.PostData);
        Assert.Equal([10], Ids(set.Sequences));
        Assert.Equal(2, set.Tables.Count);
    }

    [Fact]
    public void Select_OneTable_TakesItsPartsAndNeedsAndReportsForeignKeys()
    {
        var set = Select(new RestoreRequest { Tables = new TableSelection { IncludeTables = ["public.film"] } });

        Assert.Equal([1, 3, 4, 5], Ids(set.PreData));
        Assert.Equal([10], Ids(set.Sequences));
        Assert.Equal([12, 14], Ids(set.PostData));
        Assert.Equal([15], Ids(set.Closing));
        Assert.Equal([1], set.Supporting);
        Assert.Equal(["film"], set.Tables.Select(table => table.Name));
        var left = Assert.Single(set.LeftOut);
        Assert.Equal(("FK CONSTRAINT", "public.film.film_actor_fk"), (left.Kind, left.Name));
        Assert.Contains("public.actor", left.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Select_ExcludedTable_LeavesOutWhatNeedsIt()
    {
        var set = Select(new RestoreRequest { Tables = new TableSelection { ExcludeTables = ["public.actor"] } });

        Assert.DoesNotContain(6, Ids(set.PreData));
        Assert.Contains(2, Ids(set.PreData));
        Assert.Equal(["VIEW", "FK CONSTRAINT"], set.LeftOut.Select(item => item.Kind));
    }

    [Fact]
    public void Select_PartitionedTable_TakesItsPartitionsOfAllLevelsUnlessExcluded()
    {
        TocEntry[] entries =
        [
            Toc.Entry(1, "TABLE", "orders", "orders"),
            Toc.Entry(2, "TABLE", "part", "part"),
            Toc.Entry(3, "TABLE", "leaf", "leaf"),
            Toc.Entry(4, "TABLE", "old", "old"),
            Toc.Entry(5, "TABLE", "other", "other"),
            Toc.Entry(6, "TABLE ATTACH", "leaf", "leaf", 2, 3),
            Toc.Entry(7, "TABLE ATTACH", "part", "part", 1, 2),
            Toc.Entry(8, "TABLE ATTACH", "old", "old", 1, 4),
        ];
        var tables = new TableSelection { IncludeTables = ["public.orders"], ExcludeTables = ["public.old"] };

        var set = RestoreSelector.Select(
            new DatabaseSchema(entries), [Table("leaf"), Table("old"), Table("other")], new RestoreRequest { Tables = tables });

        Assert.Equal([1, 2, 3, 6, 7], Ids(set.PreData));
        Assert.Equal(["leaf"], set.Tables.Select(table => table.Name));
    }

    [Fact]
    public void Select_WhatTheTargetMayRefuseOfObjectsBeforeTheRows_ComesLast()
    {
        TocEntry[] entries =
        [
            Toc.Entry(1, "EXTENSION", "hstore") with { Section = TocSection.PreData },
            Toc.Entry(2, "COMMENT", "hstore", null, 1) with { Section = TocSection.PreData },
            Toc.Entry(3, "TABLE", "film", "film"),
            Toc.Entry(4, "COMMENT", "film", "film", 3) with { Section = TocSection.PreData },
            Toc.Entry(5, "SECURITY LABEL", "film", "film", 3) with { Section = TocSection.PreData },
        ];

        var set = RestoreSelector.Select(new DatabaseSchema(entries), [], new RestoreRequest());

        Assert.Equal([1, 3, 4], Ids(set.PreData));
        Assert.Equal([2, 5], Ids(set.Closing));
    }

    [Fact]
    public void Select_SkipOwnersAndPrivileges_HasNoPrivileges() =>
        Assert.DoesNotContain(Select(new RestoreRequest { SkipOwnersAndPrivileges = true }).Objects, entry => entry.Kind == "ACL");

    private static RestoreSet Select(RestoreRequest request) => RestoreSelector.Select(new DatabaseSchema(Entries), Tables, request);

    private static int[] Ids(IEnumerable<TocEntry> entries) => [.. entries.Select(entry => entry.Id)];

    private static TableRecord Table(string name) => new()
    {
        Schema = "public",
        Name = name,
        Path = $"database/data/public.{name}/",
        Columns = ["id"],
        Pages = 1,
        Rows = 1,
        RawBytes = 2,
    };
}
