using System.Text.Json;
using Backup.Core.Postgres.Schema;

namespace Backup.Core.Tests.Postgres.Schema;

public sealed class PackedEntriesTests
{
    private static readonly TocEntry Full = new()
    {
        Id = 300,
        Section = TocSection.PostData,
        Kind = "FK CONSTRAINT",
        Schema = "sche\nma",
        Name = "n\"ame \u00e9\U0001f600",
        Table = "table",
        Create = "ALTER TABLE …;\n",
        Owner = "owner",
        SetOwner = "ALTER … OWNER TO owner;\n",
        Roles = ["a", "b c"],
        Drop = "DROP …;\n",
        DependsOn = [1, 299],
        Requires = [VersionRequirement.From(15, "this"), VersionRequirement.Until(17, "that")],
        Variants =
        [
            new StatementVariant { Before = 18, Create = "ALTER TABLE older;\n", Note = "older" },
            new StatementVariant { Since = 18, Create = "ALTER TABLE newer;\n" },
        ],
    };

    [Fact]
    public void Of_EveryPropertySet_ComesBackEqual()
    {
        Assert.All(
            typeof(TocEntry).GetProperties().Where(property => property.CanWrite),
            property => Assert.False(IsEmpty(property.GetValue(Full)), property.Name));

        Assert.Equal(Json(Full), Json(Assert.Single(PackedEntries.Of([Full]))));
    }

    [Fact]
    public void Of_OnlyWhatIsRequired_ComesBackEqual()
    {
        var entry = Entry(1);

        Assert.Equal(Json(entry), Json(Assert.Single(PackedEntries.Of([entry]))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(1000)]
    public void Of_AnyNumber_KeepsNumberAndOrder(int count)
    {
        var entries = PackedEntries.Of(Enumerable.Range(1, count).Select(Entry));

        Assert.Equal(count, entries.Count);
        Assert.Equal(Enumerable.Range(1, count), entries.Select(entry => entry.Id));
        Assert.All(Enumerable.Range(0, count), index => Assert.Equal(index + 1, entries[index].Id));
    }

    [Fact]
    public void Of_TenThousandTables_TakesLittle()
    {
        var entries = PackedEntries.Of(Enumerable.Range(1, 100_000).Select(Entry));

        Assert.InRange(entries.PackedBytes, 1, 4_000_000);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void Item_OutsideOfThem_Throws(int index) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PackedEntries.Of([Entry(1), Entry(2), Entry(3)])[index]);

    private static TocEntry Entry(int id) => new()
    {
        Id = id,
        Section = TocSection.PreData,
        Kind = "TABLE",
        Name = $"t{id}",
        Create = $"CREATE TABLE public.t{id} (\n    id integer,\n    name text\n);\n",
    };

    private static string Json(TocEntry entry) => JsonSerializer.Serialize(entry);

    private static bool IsEmpty(object? value) =>
        value is null or "" or 0 or System.Collections.ICollection { Count: 0 } || value.Equals(default(TocSection));
}
