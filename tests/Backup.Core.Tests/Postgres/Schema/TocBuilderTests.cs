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
    public void Build_CommentOfWhatAnotherObjectMakes_NeedsThatObject()
    {
        var parent = _catalog.Add(ObjectKinds.Constraint, "z", SystemCatalog.Constraint);
        var part = _catalog.Add(ObjectKinds.Constraint, "a", create: "", SystemCatalog.Constraint);
        _catalog.Connect(part, parent, 'P');
        _catalog.Comment(part, "made by z");

        var entries = Build().Entries;

        Assert.Equal(["CREATE z;\n", "COMMENT ON CONSTRAINT a IS 'made by z';\n"], entries.Select(entry => entry.Create));
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

    [Fact]
    public void Build_StatementOfANewerVersion_SaysWhatItRequires()
    {
        _catalog.Add(ObjectKinds.Table, "plain");
        _catalog.Add(ObjectKinds.View, "v", "CREATE VIEW v AS SELECT any_value(1);\n", requires: [VersionRequirement.From(15, "stated")]);

        var entries = Build().Entries;

        Assert.Null(entries[0].Requires);
        Assert.Equal([15, 16], entries[1].Requires!.Select(item => item.Since));
    }

    [Fact]
    public void Build_Variant_RequiresOnlyWhatItNeedsItself()
    {
        _catalog.Add(
            ObjectKinds.Table,
            "t",
            "CREATE TABLE t (a text COLLATE pg_unicode_fast, b numeric(1,2));\n",
            variants: [new StatementVariant { Before = 18, Create = "CREATE TABLE t (a text, b numeric(1,2));\n" }]);

        Assert.Equal(15, Assert.Single(Build().Entries[0].Requires!).Since);
    }

    [Fact]
    public void Build_PrivilegesOfNewerVersions_StandByThemselves()
    {
        var acl = new ObjectAcl
        {
            Type = AclObjectType.Table,
            Target = "TABLE t",
            Owner = "boss",
            Items = ["boss=arwdDxtm/boss", "clerk=rm/boss", "pg_maintain=r/boss"],
            Default = ["boss=arwdDxtm/boss"],
        };
        _catalog.Add(ObjectKinds.Table, "t", "CREATE TABLE t ();\n", acls: [acl]);

        var entries = Build(majorVersion: 17).Entries;

        Assert.Equal(
            ["GRANT SELECT ON TABLE t TO clerk;\n", "GRANT MAINTAIN ON TABLE t TO clerk;\n", "GRANT SELECT ON TABLE t TO pg_maintain;\n"],
            entries.Skip(1).Select(entry => entry.Create));
        Assert.Equal([null, 17, 17], entries.Skip(1).Select(entry => entry.Requires?[0].Since));
        Assert.Equal(["boss", "clerk"], entries[1].Roles);
    }

    [Fact]
    public void Build_Unsupported_IsSaidInTheOrderOfNames()
    {
        var catalog = _catalog.Build();
        catalog.Unsupported.AddRange([new UnsupportedObject("b", ""), new UnsupportedObject("a", "")]);

        Assert.Equal(["a", "b"], TocBuilder.Build(catalog, DependencyOrder.Sort(catalog), 15).Unsupported.Select(item => item.Name));
    }

    private DatabaseSchema Build(TableSelection? selection = null, int majorVersion = 15)
    {
        var catalog = _catalog.Build(selection);
        return TocBuilder.Build(catalog, DependencyOrder.Sort(catalog), majorVersion);
    }
}
