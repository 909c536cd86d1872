using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;

namespace Backup.Core.Tests.Postgres.Schema;

public sealed class TocBuilderTests
{
    private readonly SchemaCatalogBuilder _catalog = new();

    [Fact]
    public void Build_EventTrigger_ComesAfterPrivileges()
    {
        _catalog.Add(ObjectKinds.EventTrigger, "e", SystemCatalog.EventTrigger);
        _catalog.Add(ObjectKinds.Trigger, "t", SystemCatalog.Trigger);

        Assert.Equal(["t", "e"], Build().Entries.Select(entry => entry.Name));
    }

    [Fact]
    public void Build_NeedThroughAnExtensionsMember_BecomesTheExtension()
    {
        var extension = _catalog.Add(ObjectKinds.Extension, "e", SystemCatalog.Extension);
        var member = _catalog.Add(ObjectKinds.Table, "m");
        var view = _catalog.Add(ObjectKinds.View, "v");
        _catalog.Connect(member, extension, 'e');
        _catalog.Connect(view, member);

        var entries = Build().Entries;

        Assert.Equal(["e", "v"], entries.Select(entry => entry.Name));
        Assert.Equal([entries[0].Id], entries[1].DependsOn);
    }

    [Fact]
    public void Build_CommentOfAPart_FollowsItsContainer()
    {
        var table = _catalog.Add(ObjectKinds.Table, "t");
        var check = _catalog.Add(ObjectKinds.CheckConstraint, "c", SystemCatalog.Constraint, table);
        _catalog.Comment(check, "it's");

        var entries = Build().Entries;

        Assert.Equal(["CREATE t;\n", "COMMENT ON CHECK CONSTRAINT c IS 'it''s';\n"], entries.Select(entry => entry.Create));
        Assert.Equal(TocSection.PreData, entries[1].Section);
        Assert.Equal([1], entries[1].DependsOn);
    }

    [Fact]
    public void Build_ExcludedTable_TakesItsPartsAlong()
    {
        var table = _catalog.Add(ObjectKinds.Table, "t");
        _catalog.Add(ObjectKinds.CheckConstraint, "c", SystemCatalog.Constraint, table);
        _catalog.Add(ObjectKinds.Table, "other");

        var entries = Build(new TableSelection { ExcludeTables = ["public.t"] }).Entries;

        Assert.Equal(["other"], entries.Select(entry => entry.Name));
    }

    [Fact]
    public void Build_ChosenTable_LeavesFunctionsAndExtensionsOut()
    {
        _catalog.Add(ObjectKinds.Extension, "e", SystemCatalog.Extension);
        _catalog.Add(ObjectKinds.Function, "f", SystemCatalog.Procedure);
        _catalog.Add(ObjectKinds.Table, "t");

        Assert.Equal(["t"], Build(new TableSelection { IncludeTables = ["public.*"] }).Entries.Select(entry => entry.Name));
        Assert.Equal(["f", "t"], Build(new TableSelection { IncludeSchemas = ["public"] }).Entries.Select(entry => entry.Name));
    }

    private DatabaseSchema Build(TableSelection? selection = null)
    {
        var catalog = _catalog.Build(selection);
        return TocBuilder.Build(catalog, DependencyOrder.Sort(catalog), 15);
    }
}
