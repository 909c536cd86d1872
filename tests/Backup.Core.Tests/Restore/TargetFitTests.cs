using Backup.Core.Archives.Manifest;
using Backup.Core.Postgres.Schema;
using Backup.Core.Restore;

namespace Backup.Core.Tests.Restore;

public sealed class TargetFitTests
{
    private static readonly TocEntry[] Entries =
    [
        Toc.Entry(1, "EXTENSION", "old_snapshot") with { Section = TocSection.PreData, Schema = null },
        Toc.Entry(2, "TABLE", "plain", "plain"),
        Toc.Entry(3, "TABLE", "rounded", "rounded") with { Requires = [VersionRequirement.From(15, "such a type")] },
        Toc.Entry(4, "TABLE", "virtual", "virtual") with
        {
            Variants = [new StatementVariant { Before = 18, Create = "older;\n", Note = "columns are stored" }],
        },
        Toc.Entry(5, "TABLE", "retired", "retired") with { Requires = [VersionRequirement.Until(17, "that")] },
        Toc.Entry(6, "VIEW", "of_rounded", null, 3),
        Toc.Entry(7, "VIEW", "of_view", null, 6),
        Toc.Entry(8, "FUNCTION", "of_extension()", null, 1),
        Toc.Entry(9, "INDEX", "i", "rounded", 3),
        Toc.Entry(10, "INDEX", "j", "plain", 2),
        Toc.Entry(11, "ACL", "of_view", null, 7),
    ];

    private static readonly string[] Tables = ["plain", "rounded", "virtual", "retired"];

    [Fact]
    public void Apply_EverythingIsKnown_ChangesNothing()
    {
        var set = Fit(16);

        Assert.Empty(set.Unsupported);
        Assert.Equal(Entries.Length, set.Objects.Count());
        Assert.Equal(4, set.Tables.Count);
    }

    [Fact]
    public void Apply_OlderServer_TakesOutWhatItCannotMakeAndWhatNeedsThat()
    {
        var set = Fit(14);

        Assert.Equal([1, 2, 4, 5, 8, 10], set.Objects.Select(entry => entry.Id));
        Assert.Equal(["plain", "virtual", "retired"], set.Tables.Select(table => table.Name));
        Assert.Equal(["public.rounded", "public.of_rounded", "public.of_view", "public.rounded.i", "public.of_view"], set.Unsupported.Select(item => item.Name));
        Assert.Equal("such a type needs PostgreSQL 15 or later.", set.Unsupported[0].Reason);
        Assert.Contains("VIEW public.of_rounded", set.Unsupported[2].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_NotAllowed_NamesTheSameAndKeepsIt()
    {
        var set = Fit(14, leavesOut: false);

        Assert.Equal(5, set.Unsupported.Count);
        Assert.Equal(Entries.Length, set.Objects.Count());
        Assert.Equal([3, 6, 7, 9, 11], set.Impossible.Order());
    }

    [Fact]
    public void Apply_NewerServer_TakesOutWhatItDoesNotKnowAnyMore() =>
        Assert.Equal("PostgreSQL 17 and later do not know that.", Assert.Single(Fit(17).Unsupported).Reason);

    [Theory]
    [InlineData(17, "older;\n", 1)]
    [InlineData(18, "CREATE TABLE virtual;\n", 0)]
    public void Apply_Variant_IsTakenWhereItIsFor(int majorVersion, string create, int notices)
    {
        var set = Fit(majorVersion);

        Assert.Equal(create, set.PreData.Single(entry => entry.Id == 4).Create);
        Assert.Equal(notices, set.Notices.Count);
    }

    [Fact]
    public void Apply_ExtensionThatTheServerLacks_TakesItOut()
    {
        var set = TargetFit.Apply(SetOf(), 16, new HashSet<string> { "old_snapshot" }, leavesOut: true);

        Assert.Equal(["old_snapshot", "public.of_extension()"], set.Unsupported.Select(item => item.Name));
        Assert.Contains("does not offer it", set.Unsupported[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void MakePlan_Unsupported_IsAnObstacleUnlessAllowed()
    {
        var inspection = new TargetInspection { Existing = new HashSet<int>(), Obstacles = ["other"], LoadOrder = LoadOrder.Free };

        var refused = RestorePlanner.MakePlan(Fit(14, leavesOut: false), inspection, [], leavesOut: false);
        var allowed = RestorePlanner.MakePlan(Fit(14), inspection, [], leavesOut: true);

        Assert.Equal(2, refused.Obstacles.Count);
        Assert.Contains("TABLE public.rounded (such a type needs PostgreSQL 15 or later)", refused.Obstacles[0], StringComparison.Ordinal);
        Assert.Equal(["other"], allowed.Obstacles);
        Assert.Equal(refused.Unsupported, allowed.Unsupported);
    }

    private static RestoreSet Fit(int majorVersion, bool leavesOut = true) =>
        TargetFit.Apply(SetOf(), majorVersion, new HashSet<string>(), leavesOut);

    private static RestoreSet SetOf() =>
        RestoreSelector.Select(new DatabaseSchema(Entries), [.. Tables.Select(Table)], new RestoreRequest());

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
