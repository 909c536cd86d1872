using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;
using Backup.Core.Postgres.Schema.Kinds;

namespace Backup.Core.Tests.Postgres.Schema.Kinds;

public sealed class TableScriptTests
{
    [Fact]
    public void Create_ChildInTheOrderOfInherits_InheritsAlone()
    {
        var parent = Table("p", [Column(1, "a"), Column(2, "b")]);
        var child = Table("c", [Inherited(1, "a"), Column(2, "b"), Column(3, "own")], parent);

        Assert.Equal(
            "CREATE TABLE public.c (\n    b integer,\n    own integer\n)\nINHERITS (public.p);\n",
            TableScript.Create(child));
    }

    [Fact]
    public void Create_ParentGotAColumnAfterTheChild_TakesTheColumnsFromAModel()
    {
        var parent = Table("p", [Column(1, "a"), Column(2, "late")]);
        var child = Table("c", [Inherited(1, "a"), Column(2, "own"), Inherited(3, "late")], parent);

        Assert.Equal(
            """
            CREATE TABLE public."columns of c" (
                a integer,
                own integer,
                late integer
            );
            CREATE TABLE public.c (
                own integer
            )
            INHERITS (public."columns of c");
            ALTER TABLE public.c INHERIT public.p;
            ALTER TABLE public.c NO INHERIT public."columns of c";
            DROP TABLE public."columns of c";

            """,
            TableScript.Create(child));
    }

    [Fact]
    public void Create_ChildWhoseColumnsAreAllItsOwn_JoinsWithoutAModel()
    {
        var first = Table("p", [Column(1, "a"), Column(2, "b")]);
        var second = Table("q", [Column(1, "z")]);
        var child = Table("c", [Column(1, "b"), Column(2, "z"), Column(3, "a")], first, second);

        Assert.Equal(
            """
            CREATE TABLE public.c (
                b integer,
                z integer,
                a integer
            );
            ALTER TABLE public.c INHERIT public.p;
            ALTER TABLE public.c INHERIT public.q;

            """,
            TableScript.Create(child));
    }

    [Fact]
    public void Create_ParentsDisagreeOnADefault_JoinsThemLater()
    {
        var first = Table("p", [Column(1, "a")]);
        first.Defaults.Add(1, new InlinePart(null, "1"));
        var second = Table("q", [Column(1, "a")]);
        second.Defaults.Add(1, new InlinePart(null, "2"));

        var inherited = TableScript.Create(Table("c", [Inherited(1, "a")], first, second));
        var stated = Table("c", [Column(1, "a")], first, second);
        stated.Defaults.Add(1, new InlinePart(null, "3"));

        Assert.Contains("ALTER TABLE public.c INHERIT public.p;\nALTER TABLE public.c INHERIT public.q;\n", inherited, StringComparison.Ordinal);
        Assert.Equal("CREATE TABLE public.c (\n    a integer DEFAULT 3\n)\nINHERITS (public.p, public.q);\n", TableScript.Create(stated));
    }

    [Fact]
    public void Create_InheritedChecks_AreTheModelsAsFarAsParentsHaveThemByThen()
    {
        var parent = Table("p", [Column(1, "a"), Column(2, "late")]);
        parent.Checks.Add(new InlinePart(Check("positive"), "CONSTRAINT positive CHECK (a > 0)"));
        var separate = Check("separate");
        separate.Split();
        parent.Checks.Add(new InlinePart(separate, "CONSTRAINT separate CHECK (a < 9)"));
        var child = Table("c", [Inherited(1, "a"), Column(2, "own"), Inherited(3, "late")], parent);
        child.InheritedConstraints.AddRange([Constraint("positive", "CHECK (a > 0)"), Constraint("separate", "CHECK (a < 9)")]);

        var script = TableScript.Create(child);

        Assert.Contains("    late integer,\n    CONSTRAINT positive CHECK (a > 0)\n);\n", script, StringComparison.Ordinal);
        Assert.DoesNotContain("separate", script, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_GeneratedColumnOfAnotherPlace_ComesWithTheModelOnly()
    {
        var parent = Table("p", [Column(1, "a"), Column(2, "g") with { Generated = 's' }]);
        parent.Defaults.Add(2, new InlinePart(null, "(a * 2)"));
        var child = Table("c", [Inherited(1, "a"), Column(2, "own"), Column(3, "g") with { Generated = 's' }], parent);
        child.Defaults.Add(3, new InlinePart(null, "(a * 2)"));

        var script = TableScript.Create(child);

        Assert.Contains("g integer GENERATED ALWAYS AS ((a * 2)) STORED\n);\nCREATE TABLE public.c (\n    own integer,\n    g integer\n)", script, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_ChildThatMayHoldNullsWhereItsParentMayNot_LoosensIt()
    {
        var parent = Table("p", [Column(1, "a") with { IsNotNull = true }, Column(2, "b")]);
        const string Loosened = "ALTER TABLE ONLY public.c ALTER COLUMN a DROP NOT NULL;\n";

        var inherited = TableScript.Create(Table("c", [Inherited(1, "a"), Inherited(2, "b")], parent));
        var joined = TableScript.Create(Table("c", [Column(1, "b"), Column(2, "a")], parent));

        Assert.Equal($"CREATE TABLE public.c (\n)\nINHERITS (public.p);\n{Loosened}", inherited);
        Assert.EndsWith(
            $";\nALTER TABLE public.c ALTER COLUMN a SET NOT NULL;\nALTER TABLE public.c INHERIT public.p;\n{Loosened}", joined, StringComparison.Ordinal);
    }

    [Fact]
    public void VariantsOf_ChildThatMayHoldNullsWhereItsParentMayNot_IsStrictFromVersion18On()
    {
        var parent = Table("p", [Column(1, "a") with { IsNotNull = true }]);
        var child = Table("c", [Inherited(1, "a")], parent);

        var variant = Assert.Single(TableVersions.VariantsOf(child));

        Assert.Empty(TableVersions.RequirementsOf(child));
        Assert.Equal((18, null, "CREATE TABLE public.c (\n)\nINHERITS (public.p);\n"), (variant.Since, variant.Before, variant.Create));
        Assert.Contains("public.c refuses NULL", variant.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_NamedNotNullOfTheParents_IsTheModels()
    {
        var parent = Table("p", [Column(1, "a"), Column(2, "late")], notNulls: new() { [1] = new NotNullClause("filled") });
        var child = Table("c", [Inherited(1, "a"), Column(2, "own"), Inherited(3, "late")], notNulls: [], parent);
        child.InheritedConstraints.Add(Constraint("of child", "NOT NULL a") with { Type = 'n', Column = 1 });

        var script = TableScript.Create(child);

        Assert.StartsWith(
            "CREATE TABLE public.\"columns of c\" (\n    a integer CONSTRAINT \"of child\" NOT NULL,\n", script, StringComparison.Ordinal);
    }

    private static TableDefinition Table(string name, IReadOnlyList<ColumnDefinition> columns, params TableDefinition[] parents) =>
        Table(name, columns, notNulls: null, parents);

    private static TableDefinition Table(
        string name, IReadOnlyList<ColumnDefinition> columns, Dictionary<int, NotNullClause>? notNulls, params TableDefinition[] parents)
    {
        var table = new TableDefinition
        {
            Oid = 1,
            Address = new ObjectAddress(SystemCatalog.Relation, 1),
            Name = new QualifiedName("public", name),
            Owner = "owner",
            RelationKind = 'r',
            IsPartition = false,
            IsUnlogged = false,
            ReplicaIdentity = 'd',
            ForcesRowSecurity = false,
            Columns = columns,
            NotNulls = notNulls,
        };
        table.Parents.AddRange(parents);
        return table;
    }

    private static ColumnDefinition Inherited(int number, string name) => Column(number, name) with { IsLocal = false };

    private static ColumnDefinition Column(int number, string name) => new()
    {
        Relation = 1,
        Number = number,
        Name = name,
        Type = "integer",
        IsNotNull = false,
        IsLocal = true,
        Identity = '\0',
        Generated = '\0',
        StatisticsTarget = -1,
        Storage = 'p',
        TypeStorage = 'p',
        Compression = '\0',
    };

    private static ConstraintDefinition Constraint(string name, string definition) => new()
    {
        Oid = 2,
        Table = 1,
        Name = name,
        Type = 'c',
        IsDeferrable = false,
        IsDeferred = false,
        IsValidated = true,
        IsLocal = false,
        Index = 0,
        Column = 0,
        Definition = definition,
    };

    private static SchemaObject Check(string name) => new()
    {
        Address = new ObjectAddress(SystemCatalog.Constraint, 3),
        Kind = ObjectKinds.CheckConstraint,
        Name = name,
        Create = () => "",
    };
}
