using Backup.Core.Errors;
using Backup.Core.Postgres.Schema;
using Backup.Core.Restore;

namespace Backup.Core.Tests.Restore;

public sealed class PreDataPlanTests
{
    private static readonly TocEntry[] Entries =
    [
        Toc.Entry(1, "SCHEMA", "app"),
        Toc.Entry(2, "EXTENSION", "hstore") with { Section = TocSection.PreData },
        Toc.Entry(3, "TABLE", "film", "film", 1),
        Toc.Entry(4, "VIEW", "films", null, 3) with { Create = "CREATE VIEW public.films AS SELECT NULL::integer AS id;\n" },
        Toc.Entry(5, "CONSTRAINT", "film_pkey", "film", 3),
        Toc.Entry(6, "VIEW", "films", null, 3, 5) with { Section = TocSection.PostData, Drop = null },
        Toc.Entry(7, "INDEX", "part_i", "part"),
        Toc.Entry(8, "INDEX ATTACH", "part_i", "part", 7),
    ];

    [Fact]
    public void Make_IntoAnEmptyTarget_OnlyMakes()
    {
        var plan = Make(new RestoreRequest(), existing: []);

        Assert.DoesNotContain(plan, statement => statement.IsDrop);
        Assert.Equal([1, 2, 3, 4], plan.Select(statement => statement.Entry.Id));
    }

    [Fact]
    public void Make_Clean_FirstRemovesInTheOppositeOrderWhatMayGoByItself()
    {
        var plan = Make(new RestoreRequest { Clean = true }, existing: [1, 2, 3, 4]);

        Assert.Equal([8, 6, 5, 4, 3, 1], plan.TakeWhile(statement => statement.IsDrop).Select(statement => statement.Entry.Id));
        Assert.Equal([1, 3, 4], plan.SkipWhile(statement => statement.IsDrop).Select(statement => statement.Entry.Id));
        Assert.Equal("CREATE OR REPLACE VIEW public.films AS SELECT NULL::integer AS id;\n", plan[1].Sql);
    }

    [Fact]
    public void Make_Clean_LeavesWhatNobodyChose()
    {
        var request = new RestoreRequest { Clean = true, Tables = new() { IncludeTables = ["public.film"] } };

        var plan = Make(request, existing: [1]);

        Assert.DoesNotContain(plan, statement => statement.Entry.Kind == "SCHEMA");
        Assert.Contains(plan, statement => statement is { IsDrop: true, Entry.Id: 3 });
    }

    [Theory]
    [InlineData("SCHEMA", "DROP SCHEMA IF EXISTS app;\n", "2BP01", true)]
    [InlineData("SCHEMA", "DROP SCHEMA IF EXISTS app;\n", "42501", false)]
    [InlineData("CHECK CONSTRAINT", "ALTER DOMAIN public.d DROP CONSTRAINT c;\n", "42704", true)]
    [InlineData("CHECK CONSTRAINT", "ALTER DOMAIN public.d DROP CONSTRAINT c;\n", "2BP01", false)]
    public void MayStay_WhatTheServerSays_IsOfTheKindOfRemoval(string kind, string sql, string state, bool mayStay)
    {
        var statement = new PreDataStatement(Toc.Entry(1, kind, "x"), sql, IsDrop: true);

        Assert.True(statement.MayBeRefused);
        Assert.False(statement.CanShare);
        Assert.Equal(mayStay, statement.MayStay(new DatabaseException("no") { SqlState = state }));
        Assert.False((statement with { IsDrop = false }).MayBeRefused);
    }

    private static List<PreDataStatement> Make(RestoreRequest request, HashSet<int> existing)
    {
        var set = RestoreSelector.Select(new DatabaseSchema(Entries), [], request);
        var target = new TargetInspection { Existing = existing, Obstacles = [], LoadOrder = LoadOrder.Free };
        return new PreDataPlan(set, target, request).Make();
    }
}
