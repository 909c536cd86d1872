using Backup.Core.Errors;

namespace Backup.Core.Tests.Architecture;

public sealed class DependencyTests
{
    private static readonly Type[] Types =
    [
        .. typeof(BackupException).Assembly.GetTypes()
            .Where(type => type.Namespace?.StartsWith(Areas.RootNamespace, StringComparison.Ordinal) == true),
    ];

    [Fact]
    public void Areas_OfTheAssembly_AreInTheTable()
    {
        var unknown = Types.Select(Areas.Of).Distinct().Except(Areas.Table.Select(row => row.Area).Append(""));

        Assert.Empty(unknown);
    }

    [Fact]
    public void Areas_InTheTable_OnlyUseEarlierOnes()
    {
        var order = Areas.Table.Select(row => row.Area).ToList();
        var upward = Areas.Table.Where(row => row.MayUse.Any(used => order.IndexOf(used) >= order.IndexOf(row.Area)));

        Assert.Empty(upward);
    }

    [Fact]
    public void Types_OfAnArea_OnlyUseTheAreasBelow()
    {
        var allowed = Areas.Table.ToDictionary(row => row.Area, row => row.MayUse);
        var violations =
            from type in Types
            let area = Areas.Of(type)
            where allowed.ContainsKey(area)
            from used in TypeReferences.Of(type)
            where used.Assembly == type.Assembly
            let other = Areas.Of(used)
            where other != area && used.Namespace?.StartsWith(Areas.RootNamespace, StringComparison.Ordinal) == true
                && !allowed[area].Contains(other)
            select $"{OutermostOf(type).FullName} uses {used.FullName}";

        Assert.Empty(violations.Distinct());
    }

    [Fact]
    public void Types_OutsideTheDatabaseArea_DoNotSeeTheDriver()
    {
        var violations =
            from type in Types
            where Areas.Of(type) != Areas.Database && !Areas.EntryPoints.Contains(OutermostOf(type).Name)
            from used in TypeReferences.Of(type)
            where used.Assembly.GetName().Name == "Npgsql"
            select $"{OutermostOf(type).FullName} uses {used.FullName}";

        Assert.Empty(violations.Distinct());
    }

    [Fact]
    public void Types_Names_AreNotNamespaceSegments()
    {
        var segments = Types.SelectMany(type => type.Namespace!.Split('.')).ToHashSet();

        Assert.DoesNotContain(Types, type => segments.Contains(type.Name));
    }

    [Fact]
    public void Types_Names_SayTheirJob()
    {
        string[] vague = ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Utilities", "Impl"];

        Assert.DoesNotContain(Types, type => vague.Any(word => type.Name.EndsWith(word, StringComparison.Ordinal)));
    }

    private static Type OutermostOf(Type type)
    {
        while (type.DeclaringType is { } outer)
        {
            type = outer;
        }

        return type;
    }
}
