using Backup.Core.Errors;
using Backup.Core.Postgres.Schema;

namespace Backup.Core.Tests.Postgres.Schema;

public sealed class DependencyOrderTests
{
    private readonly SchemaCatalogBuilder _catalog = new();

    [Fact]
    public void Sort_NoDependencies_OrdersByKindThenName()
    {
        _catalog.Add(ObjectKinds.Table, "b");
        _catalog.Add(ObjectKinds.Function, "z", SystemCatalog.Procedure);
        _catalog.Add(ObjectKinds.Table, "a");

        Assert.Equal(["z", "a", "b"], _catalog.Sort());
    }

    [Fact]
    public void Sort_NeededObjectOfLaterKind_ComesFirst()
    {
        var function = _catalog.Add(ObjectKinds.Function, "f", SystemCatalog.Procedure);
        var table = _catalog.Add(ObjectKinds.Table, "t");
        _catalog.Connect(function, table);

        Assert.Equal(["t", "f"], _catalog.Sort());
    }

    [Fact]
    public void Sort_NeedThroughArrayOfRowType_ComesFirst()
    {
        var function = _catalog.Add(ObjectKinds.Function, "f", SystemCatalog.Procedure);
        var table = _catalog.Add(ObjectKinds.Table, "t");
        var rowType = new ObjectAddress(SystemCatalog.Type, 1);
        var arrayType = new ObjectAddress(SystemCatalog.Type, 2);
        _catalog.Connect(rowType, table.Address, 'i');
        _catalog.Connect(arrayType, rowType, 'i');
        _catalog.Connect(function.Address, arrayType);

        Assert.Equal(["t", "f"], _catalog.Sort());
    }

    [Fact]
    public void Sort_NeedOfAPartitionsTrigger_ComesAfterTheParentsTrigger()
    {
        var parent = _catalog.Add(ObjectKinds.Trigger, "z", SystemCatalog.Trigger);
        var state = _catalog.Add(ObjectKinds.Trigger, "a", SystemCatalog.Trigger);
        var clone = new ObjectAddress(SystemCatalog.Trigger, 1);
        _catalog.Connect(clone, parent.Address, 'P');
        _catalog.Connect(state.Address, clone, 'P');

        Assert.Equal(["z", "a"], _catalog.Sort());
    }

    [Fact]
    public void Sort_MembersOfAnExtensionThatNeedEachOther_OnlyNeedTheExtension()
    {
        var extension = _catalog.Add(ObjectKinds.Extension, "e", SystemCatalog.Extension);
        var input = _catalog.Add(ObjectKinds.Function, "in", SystemCatalog.Procedure);
        var type = new ObjectAddress(SystemCatalog.Type, 1);
        _catalog.Connect(input, extension, 'e');
        _catalog.Connect(type, extension.Address, 'e');
        _catalog.Connect(type, input.Address);
        _catalog.Connect(input.Address, type);
        var domain = _catalog.Add(ObjectKinds.Schema, "s", SystemCatalog.Namespace);
        _catalog.Connect(domain.Address, type);

        Assert.Equal(["e", "s", "in"], _catalog.Sort());
    }

    [Fact]
    public void Sort_DefaultCallsFunctionOverItsTable_SplitsTheDefault()
    {
        var table = _catalog.Add(ObjectKinds.Table, "t");
        var value = _catalog.Add(ObjectKinds.ColumnDefault, "d", SystemCatalog.ColumnDefault, table);
        var function = _catalog.Add(ObjectKinds.Function, "f", SystemCatalog.Procedure);
        _catalog.Connect(value, table, 'a');
        _catalog.Connect(value, function);
        _catalog.Connect(function, table);

        Assert.Equal(["t", "f", "d"], _catalog.Sort());
        Assert.True(value.IsSeparate);
    }

    [Fact]
    public void Sort_DefaultOutsideACycle_StaysInItsTable()
    {
        var table = _catalog.Add(ObjectKinds.Table, "t");
        var value = _catalog.Add(ObjectKinds.ColumnDefault, "d", SystemCatalog.ColumnDefault, table);
        var sequence = _catalog.Add(ObjectKinds.Sequence, "z");
        _catalog.Connect(value, table, 'a');
        _catalog.Connect(value, sequence);

        Assert.Equal(["z", "t"], _catalog.Sort());
    }

    [Fact]
    public void Sort_CycleThroughViewAndCheck_SplitsTheQueryFirst()
    {
        var table = _catalog.Add(ObjectKinds.Table, "t");
        var check = _catalog.Add(ObjectKinds.CheckConstraint, "c", SystemCatalog.Constraint, table);
        var view = _catalog.Add(ObjectKinds.View, "v");
        var query = _catalog.Add(ObjectKinds.ViewRule, "q", SystemCatalog.Rule, view);
        var function = _catalog.Add(ObjectKinds.Function, "f", SystemCatalog.Procedure);
        _catalog.Connect(check, function);
        _catalog.Connect(function, view);
        _catalog.Connect(query, table);

        Assert.Equal(["v", "f", "t", "q"], _catalog.Sort());
        Assert.False(check.IsSeparate);
        Assert.Equal(TocSection.PostData, query.Section);
    }

    [Fact]
    public void Sort_CastAndOperatorOfFunctionsThatNeedAKey_FollowThem()
    {
        var key = _catalog.Add(ObjectKinds.Constraint, "pk", SystemCatalog.Constraint);
        var function = _catalog.Add(ObjectKinds.Function, "f", SystemCatalog.Procedure);
        var cast = _catalog.Add(ObjectKinds.Cast, "c", SystemCatalog.Cast);
        var operation = _catalog.Add(ObjectKinds.Operator, "o", SystemCatalog.Operator);
        var operatorClass = _catalog.Add(ObjectKinds.OperatorClass, "oc", SystemCatalog.OperatorClass);
        _catalog.Connect(function, key);
        _catalog.Connect(cast, function);
        _catalog.Connect(operation, function);
        _catalog.Connect(operatorClass, operation);

        Assert.Equal(["pk", "f", "o", "oc", "c"], _catalog.Sort());
        Assert.Equal(TocSection.PostData, cast.Section);
    }

    [Fact]
    public void Sort_DefaultInACircleWhoseFunctionNeedsAKey_FollowsTheFunction()
    {
        var table = _catalog.Add(ObjectKinds.Table, "t");
        var value = _catalog.Add(ObjectKinds.ColumnDefault, "d", SystemCatalog.ColumnDefault, table);
        var key = _catalog.Add(ObjectKinds.Constraint, "pk", SystemCatalog.Constraint);
        var function = _catalog.Add(ObjectKinds.Function, "f", SystemCatalog.Procedure);
        _catalog.Connect(key, table, 'a');
        _catalog.Connect(value, function);
        _catalog.Connect(function, table);
        _catalog.Connect(function, key);

        Assert.Equal(["t", "pk", "f", "d"], _catalog.Sort());
    }

    [Fact]
    public void Sort_DomainDefaultCallsFunctionOfTheDomain_SplitsTheDefault()
    {
        var domain = _catalog.Add(ObjectKinds.Domain, "d", SystemCatalog.Type);
        _catalog.Add(ObjectKinds.DomainDefault, "value", 8, domain);
        var function = _catalog.Add(ObjectKinds.Function, "f", SystemCatalog.Procedure);
        _catalog.Connect(domain, function);
        _catalog.Connect(function, domain);

        Assert.Equal(["d", "f", "value"], _catalog.Sort());
    }

    [Fact]
    public void Sort_ViewWithTheRowTypeOfAPostponedView_FollowsIt()
    {
        var key = _catalog.Add(ObjectKinds.Constraint, "pk", SystemCatalog.Constraint);
        var materialized = _catalog.Add(ObjectKinds.MaterializedView, "m");
        var view = _catalog.Add(ObjectKinds.View, "a");
        var query = _catalog.Add(ObjectKinds.ViewRule, "q", SystemCatalog.Rule, view);
        _catalog.Connect(materialized, key);
        _catalog.Connect(view, materialized);
        _catalog.Connect(query, materialized);

        Assert.Equal(["pk", "m", "a", "q"], _catalog.Sort());
    }

    [Fact]
    public void Sort_ViewNeedsPrimaryKey_MakesItsQueryAfterTheKey()
    {
        var table = _catalog.Add(ObjectKinds.Table, "t");
        var key = _catalog.Add(ObjectKinds.Constraint, "pk", SystemCatalog.Constraint);
        var view = _catalog.Add(ObjectKinds.View, "v");
        var query = _catalog.Add(ObjectKinds.ViewRule, "q", SystemCatalog.Rule, view);
        _catalog.Connect(key, table, 'a');
        _catalog.Connect(query, key);

        Assert.Equal(["t", "v", "pk", "q"], _catalog.Sort());
    }

    [Fact]
    public void Sort_FunctionNeedsPrimaryKey_TakesWhatNeedsTheFunctionAlong()
    {
        var table = _catalog.Add(ObjectKinds.Table, "t");
        var key = _catalog.Add(ObjectKinds.Constraint, "pk", SystemCatalog.Constraint);
        var function = _catalog.Add(ObjectKinds.Function, "f", SystemCatalog.Procedure);
        var caller = _catalog.Add(ObjectKinds.Function, "a", SystemCatalog.Procedure);
        _catalog.Connect(key, table, 'a');
        _catalog.Connect(function, key);
        _catalog.Connect(caller, function);

        Assert.Equal(["t", "pk", "f", "a"], _catalog.Sort());
    }

    [Fact]
    public void Sort_RoutinesWhoseBodiesNeedEachOther_AreMadeBeforeTheBodyOfOne()
    {
        var a = _catalog.Add(ObjectKinds.Function, "a", SystemCatalog.Procedure);
        var b = _catalog.Add(ObjectKinds.Function, "b", SystemCatalog.Procedure);
        var bodyOfA = _catalog.Add(ObjectKinds.FunctionBody, "body of a", (uint)DerivedStep.RoutineBody, a);
        var bodyOfB = _catalog.Add(ObjectKinds.FunctionBody, "body of b", (uint)DerivedStep.RoutineBody, b);
        _catalog.Connect(a, b);
        _catalog.Connect(b, a);

        Assert.Equal(["a", "b", "body of a"], _catalog.Sort());
        Assert.True(bodyOfA.IsSeparate);
        Assert.False(bodyOfB.IsSeparate);
    }

    [Fact]
    public void Sort_BodyNeedsPrimaryKey_MovesWithItsFunction()
    {
        var table = _catalog.Add(ObjectKinds.Table, "t");
        var key = _catalog.Add(ObjectKinds.Constraint, "pk", SystemCatalog.Constraint);
        var function = _catalog.Add(ObjectKinds.Function, "f", SystemCatalog.Procedure);
        var body = _catalog.Add(ObjectKinds.FunctionBody, "body", (uint)DerivedStep.RoutineBody, function);
        _catalog.Connect(key, table, 'a');
        _catalog.Connect(function, key);

        Assert.Equal(["t", "pk", "f"], _catalog.Sort());
        Assert.False(body.IsSeparate);
    }

    [Fact]
    public void Sort_CycleThatNoPartBreaks_NamesTheObjects()
    {
        var a = _catalog.Add(ObjectKinds.Function, "a", SystemCatalog.Procedure);
        var b = _catalog.Add(ObjectKinds.Function, "b", SystemCatalog.Procedure);
        _catalog.Connect(a, b);
        _catalog.Connect(b, a);

        var exception = Assert.Throws<DatabaseException>(_catalog.Sort);

        Assert.Contains("FUNCTION public.a, FUNCTION public.b", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sort_LongChain_DoesNotRecurse()
    {
        var last = _catalog.Add(ObjectKinds.Table, "t0");
        for (var index = 1; index < 20_000; index++)
        {
            var next = _catalog.Add(ObjectKinds.Table, $"t{index}");
            _catalog.Connect(next, last);
            last = next;
        }

        Assert.Equal(["t0", "t1", "t2"], _catalog.Sort().Take(3));
    }
}
