using Backup.Core.Postgres.Schema;

namespace Backup.Core.Tests.Postgres.Schema;

public sealed class SharedCatalogsTests
{
    private static readonly ObjectAddress Table = new(SystemCatalog.Relation, 20_001);
    private static readonly ObjectAddress Other = new(SystemCatalog.Relation, 20_002);
    private static readonly ObjectAddress Check = new(SystemCatalog.Constraint, 20_003);
    private static readonly ObjectAddress Function = new(SystemCatalog.Procedure, 20_004);

    [Fact]
    public void IsPlain_NeedsItsOwnRelationOnly_True() =>
        Assert.True(Shared([new(Check, Table, 'a'), new(Other, Table, 'n')]).IsPlain(Check));

    [Fact]
    public void IsPlain_NeedsAFunction_False() =>
        Assert.False(Shared([new(Check, Table, 'a'), new(Check, Function, 'n')]).IsPlain(Check));

    [Fact]
    public void IsPlain_NeedsAnotherRelation_False() =>
        Assert.False(Shared([new(Check, Table, 'a'), new(Check, Other, 'n')]).IsPlain(Check));

    [Fact]
    public void IsPlain_HasAComment_False() => Assert.False(Shared([new(Check, Table, 'a')], commented: [Check]).IsPlain(Check));

    [Fact]
    public void IsPlain_HasALabel_False() => Assert.False(Shared([new(Check, Table, 'a')], labelled: [Check]).IsPlain(Check));

    [Fact]
    public void IsPlain_GoesWithAnExtension_False() => Assert.False(Shared([], extended: [Check]).IsPlain(Check));

    private static SharedCatalogs Shared(
        IReadOnlyList<CatalogDependency> dependencies,
        ObjectAddress[]? commented = null,
        ObjectAddress[]? labelled = null,
        ObjectAddress[]? extended = null) => new()
    {
        Dependencies = dependencies,
        Comments = (commented ?? []).ToDictionary(address => address, _ => "text"),
        Labels = (labelled ?? []).ToLookup(address => address, _ => ("provider", "label")),
        InitialPrivileges = new Dictionary<ObjectAddress, string[]>(),
        ExtensionDependencies = (extended ?? []).ToLookup(address => address, _ => "extension"),
    };
}
