using Backup.Core.Postgres;

namespace Backup.Core.Tests.Postgres;

public sealed class TableSelectionTests
{
    [Theory]
    [InlineData("public.film", "public", "film", true)]
    [InlineData("public.film", "public", "films", false)]
    [InlineData("public.film", "app", "film", false)]
    [InlineData("public.*", "public", "film", true)]
    [InlineData("*.film", "app", "film", true)]
    [InlineData("public.f?lm", "public", "film", true)]
    [InlineData("public.f?lm", "public", "flm", false)]
    [InlineData("public.*_log_*", "public", "a_log_b_log_c", true)]
    [InlineData("public.*_log", "public", "a_log_b", false)]
    [InlineData("public.Film", "public", "film", false)]
    [InlineData("public.\"a.b\"", "public", "a.b", true)]
    [InlineData("\"my schema\".\"it\"\"s\"", "my schema", "it\"s", true)]
    [InlineData("public.\"*\"", "public", "film", false)]
    [InlineData("public.\"*\"", "public", "*", true)]
    public void Includes_TablePattern_MatchesWholeNames(string pattern, string schema, string name, bool expected) =>
        Assert.Equal(expected, new TableSelection { IncludeTables = [pattern] }.Includes(new QualifiedName(schema, name)));

    [Fact]
    public void Includes_NoPattern_IsTrue()
    {
        Assert.True(TableSelection.Everything.Includes(new QualifiedName("a", "b")));
        Assert.True(TableSelection.Everything.IncludesSchema("a"));
        Assert.True(TableSelection.Everything.IsEverything);
    }

    [Fact]
    public void Includes_SchemasAndTables_AreAUnion()
    {
        var selection = new TableSelection { IncludeSchemas = ["app"], IncludeTables = ["public.film"] };

        Assert.True(selection.Includes(new QualifiedName("app", "anything")));
        Assert.True(selection.Includes(new QualifiedName("public", "film")));
        Assert.False(selection.Includes(new QualifiedName("public", "actor")));
        Assert.True(selection.IncludesSchema("app"));
        Assert.False(selection.IncludesSchema("public"));
        Assert.False(selection.IsEverything);
    }

    [Fact]
    public void Includes_ExcludedToo_IsFalse()
    {
        var selection = new TableSelection { IncludeTables = ["app.*"], ExcludeTables = ["app.*_log"], ExcludeSchemas = ["temp*"] };

        Assert.True(selection.Includes(new QualifiedName("app", "film")));
        Assert.False(selection.Includes(new QualifiedName("app", "audit_log")));
        Assert.False((selection with { IncludeTables = [] }).Includes(new QualifiedName("temporary", "film")));
        Assert.False(selection.IncludesSchema("temp1"));
    }

    [Theory]
    [InlineData("film")]
    [InlineData("a.b.c")]
    [InlineData("public.")]
    [InlineData("public.\"film")]
    public void IncludeTables_NotTwoParts_IsRefused(string pattern)
    {
        var fault = Assert.Throws<ArgumentException>(() => new TableSelection { IncludeTables = [pattern] });

        Assert.Contains(pattern, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void IncludeSchemas_TwoParts_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new TableSelection { IncludeSchemas = ["public.film"] });

    [Fact]
    public void UnmatchedIncludes_SomeMatchNothing_GivesThoseAsWritten()
    {
        var selection = new TableSelection
        {
            IncludeSchemas = ["app", "ap?"],
            IncludeTables = ["public.film", "public.\"Film\""],
            ExcludeTables = ["nowhere.*"],
        };

        var unmatched = selection.UnmatchedIncludes(["app"], [new QualifiedName("public", "film")]);

        Assert.Equal(["public.\"Film\""], unmatched);
    }

    [Fact]
    public void Includes_ManyStars_EndsQuickly() =>
        Assert.False(new TableSelection { IncludeTables = ["a." + string.Concat(Enumerable.Repeat("a*", 30)) + "b"] }
            .Includes(new QualifiedName("a", new string('a', 60))));
}
