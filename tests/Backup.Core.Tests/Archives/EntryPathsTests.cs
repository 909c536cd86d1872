using Backup.Core.Archives;
using CsCheck;

namespace Backup.Core.Tests.Archives;

public sealed class EntryPathsTests
{
    // Names that are close to one another and to what file systems mistreat, rather than any text at all.
    private static readonly string[] Traps =
        ["con", "CON", "nul", "com1", "lpt9", "aux", "conin$", "a.", "a ", ".", "..", "%63on", "a%2e", "Ä", "ä", "~"];

    private static readonly Gen<string> Names = Gen.OneOf(
        Gen.Int[0, Traps.Length - 1].Select(index => Traps[index]),
        Gen.String[Gen.Char["aAbB.%/_- ~é\\:2e"], 1, 8],
        Gen.String[Gen.Char["aA.%\u00e9\u4e2d"], 150, 300],
        AnyText.WellFormed(minLength: 1));

    [Theory]
    [InlineData("public", "film", "database/data/public.film/")]
    [InlineData("public", "Film", "database/data/public.%46ilm/")]
    [InlineData("a.b", "c", "database/data/a%2eb.c/")]
    [InlineData("con", "x", "database/data/%63on.x/")]
    [InlineData("com1", "x", "database/data/%63om1.x/")]
    [InlineData("public", "../../etc/passwd", "database/data/public.%2e%2e%2f%2e%2e%2fetc%2fpasswd/")]
    [InlineData("public", "täble", "database/data/public.t%c3%a4ble/")]
    [InlineData("public", "100%", "database/data/public.100%25/")]
    public void TableFolder_Name_IsEncodedAsSpecified(string schema, string name, string expected) =>
        Assert.Equal(expected, EntryPaths.TableFolder(schema, name));

    [Fact]
    public void TableFolder_LongName_IsCutAndHashed()
    {
        var folder = EntryPaths.TableFolder("public", new string('中', 63));

        Assert.InRange(folder.Length, "database/data//".Length + 150, "database/data//".Length + 200);
        Assert.Matches("^database/data/public\\.(%[0-9a-f]{2})+~[0-9a-f]{32}/$", folder);
        Assert.NotEqual(folder, EntryPaths.TableFolder("public", new string('中', 62) + "丯"));
    }

    [Fact]
    public void TableFolder_AnyTwoTables_DifferEvenWithoutCase() =>
        Gen.Select(Names, Names, Names, Names).Sample((schema, name, otherSchema, otherName) =>
            (schema == otherSchema && name == otherName)
            == EntryPaths.TableFolder(schema, name).Equals(
                EntryPaths.TableFolder(otherSchema, otherName), StringComparison.OrdinalIgnoreCase));

    [Fact]
    public void Page_AnyTable_IsAValidPathOfItsFolder() =>
        Gen.Select(Names, Names, Gen.Int[1, 2_000_000]).Sample((schema, name, number) =>
        {
            var folder = EntryPaths.TableFolder(schema, name);
            var page = EntryPaths.Page(folder, number);
            var segments = page.Split('/');
            return EntryPaths.IsValid(page) && segments.Length == 4 && segments[2].Length <= 200
                && page.StartsWith(folder, StringComparison.Ordinal) && page.All(char.IsAscii);
        });

    [Theory]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("../a")]
    [InlineData("a/../b")]
    [InlineData("a/./b")]
    [InlineData("a\\b")]
    [InlineData("c:/a")]
    [InlineData("a/b.")]
    [InlineData("a/b ")]
    [InlineData("a/nul")]
    [InlineData("a/Aux.txt")]
    [InlineData("a/com¹")]
    [InlineData("a\u0000b")]
    [InlineData("a\nb")]
    [InlineData("a?b")]
    public void IsValid_PathThatCouldLeaveItsFolderOrNotBeMade_IsRefused(string path) => Assert.False(EntryPaths.IsValid(path));

    [Theory]
    [InlineData("RESTORE.md")]
    [InlineData("database/data/public.film/000001.copy")]
    [InlineData("storage/avatars/ünïcode 名前.png")]
    [InlineData(".well-known/x")]
    [InlineData("console/null")]
    public void IsValid_OrdinaryPath_IsTaken(string path) => Assert.True(EntryPaths.IsValid(path));

    [Fact]
    public void IsValid_PathOrSegmentThatIsTooLong_IsRefused()
    {
        Assert.True(EntryPaths.IsValid(new string('a', 255)));
        Assert.False(EntryPaths.IsValid(new string('a', 256)));
        Assert.False(EntryPaths.IsValid(new string('é', 128)));
        Assert.False(EntryPaths.IsValid(string.Join('/', Enumerable.Repeat("abcdefg", 513))));
    }

    [Fact]
    public void IsValid_HalfASurrogatePair_IsRefused() => Assert.False(EntryPaths.IsValid("a\ud800b"));

    [Fact]
    public void TableFolder_EmptyName_Throws() => Assert.Throws<ArgumentException>(() => EntryPaths.TableFolder("public", ""));
}
