using Backup.Core.Archives;
using CsCheck;

namespace Backup.Core.Tests.Archives;

public sealed class ObjectPathsTests
{
    // Few letters, so that names meet: as files, as folders of one another, in other cases, as what others are encoded to.
    private static readonly string[] Segments =
    [
        "a", "A", "b", "", ".", "..", " ", "a ", " a", "a.", "con", "CON", "con.txt", "nul", "%", "%61", "a%", "~", "é", "É", "e\u0301", "Ⅷ",
        "\ud800", "\udc00", "a:b", "a\\b", "\n", new string('x', 300), new string('X', 300), new string('中', 100), "buckets.json",
        "a~ca978112ca1bbdcafac231b39a23dc4d",
    ];

    private static readonly Gen<string> Names = Gen.OneOf(
        Gen.Int[0, Segments.Length - 1].Array[1, 4].Select(picks => string.Join('/', picks.Select(pick => Segments[pick]))),
        Gen.Int[0, Segments.Length - 1].Array[1, 60].Select(picks => string.Join('/', picks.Select(pick => Segments[pick]))),
        Gen.String[Gen.Char["aA/."], 0, 5],
        Gen.String[0, 3000]);

    private static readonly Gen<string> Buckets = Gen.OneOf(
        Gen.Int[0, 2].Select(pick => new[] { "b", "B", "buckets.json" }[pick]), Gen.Int[0, Segments.Length - 1].Select(pick => Segments[pick]));

    [Theory]
    [InlineData("avatars", "2026/me & you (1).PNG", "storage/avatars/2026/me & you (1).PNG")]
    [InlineData("avatars", ".emptyFolderPlaceholder", "storage/avatars/.emptyFolderPlaceholder")]
    [InlineData("avatars", "x*y:z?", "storage/avatars/x%2ay%3az%3f")]
    [InlineData("avatars", "100%", "storage/avatars/100%25")]
    [InlineData("avatars", "é", "storage/avatars/%c3%a9")]
    [InlineData("avatars", "x//y/", "storage/avatars/x/%/y/%")]
    [InlineData("avatars", "", "storage/avatars/%")]
    [InlineData("avatars", "../../etc/passwd", "storage/avatars/.%2e/.%2e/etc/passwd")]
    [InlineData("avatars", "a /. /.", "storage/avatars/a%20/.%20/%2e")]
    [InlineData("avatars", " a", "storage/avatars/%20a")]
    [InlineData("avatars", "CON.txt/lpt1", "storage/avatars/%43ON.txt/%6cpt1")]
    [InlineData("avatars", "a~b", "storage/avatars/a%7eb")]
    [InlineData("Avatars", "a", "storage/%41vatars/a")]
    [InlineData("buckets.json", "a", "storage/%62uckets.json/a")]
    [InlineData("Buckets.json", "a", "storage/%42uckets.json/a")]
    [InlineData("a/b", "a", "storage/a%2fb/a")]
    public void StoredObject_Name_IsEncodedAsSpecified(string bucket, string name, string expected) =>
        Assert.Equal(expected, EntryPaths.StoredObject(bucket, name));

    [Fact]
    public void StoredObject_LongSegment_IsCutAndHashed()
    {
        var segment = new string('x', 201);

        Assert.Equal(
            $"storage/b/{segment[..167]}~84a0678c90937f5dcf9994d5866668da/a", EntryPaths.StoredObject("b", segment + "/a"));
    }

    [Fact]
    public void StoredObject_LongName_EndsInItsHashWhereItWouldBecomeTooLong()
    {
        var name = string.Join('/', Enumerable.Repeat("123456789", 200));

        var path = EntryPaths.StoredObject("b", name);

        Assert.Matches("^storage/b(/123456789){79}/~[0-9a-f]{32}$", path);
        Assert.NotEqual(path, EntryPaths.StoredObject("b", name + "0"));
    }

    [Fact]
    public void StoredObject_AnyBucketAndName_IsAValidShortPathOfTheBucketsFolder() =>
        Gen.Select(Buckets, Names).Sample((bucket, name) =>
        {
            var path = EntryPaths.StoredObject(bucket, name);
            return EntryPaths.IsValid(path) && path.StartsWith(EntryPaths.BucketFolder(bucket), StringComparison.Ordinal)
                && path.All(char.IsAscii) && path.Length <= 900 && ObjectPaths.Fits(bucket, name, path);
        });

    [Fact]
    public void BucketFolder_AnyTwoBuckets_DifferEvenWithoutCase() =>
        Gen.Select(Names, Names).Sample((left, right) =>
            (left == right) == EntryPaths.BucketFolder(left).Equals(EntryPaths.BucketFolder(right), StringComparison.OrdinalIgnoreCase));

    [Fact]
    public void Assign_AnyNamesInAnyOrder_AreFilesThatFitOnOneDisk() =>
        Gen.Select(Buckets, Names).HashSet[1, 120].Sample(objects =>
        {
            var paths = new ObjectPaths();
            var assigned = objects.Select(item => (item, Path: paths.Assign(item.Item1, item.Item2))).ToList();
            var files = assigned.Select(item => item.Path).ToHashSet(StringComparer.OrdinalIgnoreCase);
            var folders = files.SelectMany(FoldersOf).ToHashSet(StringComparer.OrdinalIgnoreCase);
            return files.Count == objects.Count && !files.Overlaps(folders) && !files.Contains(EntryPaths.Buckets)
                && assigned.All(item => EntryPaths.IsValid(item.Path) && item.Path.Length <= 900
                    && ObjectPaths.Fits(item.item.Item1, item.item.Item2, item.Path));
        }, iter: 1000);

    [Fact]
    public void Assign_NamesThatDoNotClash_HaveTheirPlainPaths()
    {
        var paths = new ObjectPaths();
        foreach (var name in (string[])["a/b", "a/c", "b", "a/d/e", "a/d/f", "b2"])
        {
            Assert.Equal(EntryPaths.StoredObject("b", name), paths.Assign("b", name));
        }
    }

    [Fact]
    public void Assign_NamesThatDifferOnlyInCase_MarksTheSecond()
    {
        var paths = new ObjectPaths();

        Assert.Equal("storage/b/Photos/x", paths.Assign("b", "Photos/x"));
        Assert.Equal("storage/b/photos/y", paths.Assign("b", "photos/y"));
        Assert.Matches("^storage/b/photos/X~[0-9a-f]{32}$", paths.Assign("b", "photos/X"));
    }

    [Fact]
    public void Assign_FileAndFolderOfOneName_MarksTheSecondOfThem()
    {
        var paths = new ObjectPaths();

        Assert.Equal("storage/b/a", paths.Assign("b", "a"));
        var inside = paths.Assign("b", "a/x");
        Assert.Matches("^storage/b/a~[0-9a-f]{32}/x$", inside);
        Assert.Equal(inside.Replace("/x", "/y", StringComparison.Ordinal), paths.Assign("b", "a/y"));
        Assert.Equal("storage/b/c/x", paths.Assign("b", "c/x"));
        Assert.Matches("^storage/b/C~[0-9a-f]{32}$", paths.Assign("b", "C"));
    }

    [Theory]
    [InlineData("storage/b/a")]
    [InlineData("storage/b/a/b/c")]
    [InlineData("storage/c/a/b")]
    [InlineData("storage/b/A/b")]
    [InlineData("storage/b/a/b~00000000000000000000000000000000")]
    [InlineData("storage/b/a~00000000000000000000000000000000/b")]
    [InlineData("database/a/b")]
    public void Fits_PathOfAnother_IsRefused(string path) => Assert.False(ObjectPaths.Fits("b", "a/b", path));

    private static IEnumerable<string> FoldersOf(string path)
    {
        for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            yield return path[..slash];
        }
    }
}
