using System.Text;
using Backup.Core.ObjectStores;
using Backup.Core.Postgres.StoredObjects;

namespace Backup.Core.Tests.Postgres.StoredObjects;

public sealed class ObjectTextRowTests
{
    private readonly ObjectTextRow _row = new("b");

    [Fact]
    public void Read_AllFields_AreTaken() => Assert.Equal(
        new StoredObject
        {
            Bucket = "b",
            Name = "a/b\tc",
            Id = "48b3a799-5c88-4257-bb0b-a42ccc09bee1",
            Bytes = 12,
            ETag = "\"e\"",
            Version = "v",
            ContentType = "text/plain",
            CacheControl = "no-cache",
            RobotsTag = "none",
            UserMetadata = "{\"k\": \"\\\\\"}",
            OwnerId = "o",
            CreatedAt = new DateTimeOffset(2026, 11, 22, 20, 59, 34, TimeSpan.Zero).AddTicks(5949700),
            UpdatedAt = new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero),
        },
        Read(
            @"a/b\tc", "48b3a799-5c88-4257-bb0b-a42ccc09bee1", "12", "\"e\"", "v", "text/plain", "no-cache", "none", @"{""k"": ""\\\\""}", "o",
            "2026-11-22 20:59:34.59497+00", "9999-12-31 23:59:59+00"));

    [Fact]
    public void Read_NothingButAName_LeavesTheRestOut() => Assert.Equal(
        new StoredObject { Bucket = "b", Name = "a" },
        Read("a", @"\N", @"\N", @"\N", @"\N", @"\N", @"\N", @"\N", @"\N", @"\N", @"\N", @"\N"));

    [Theory]
    [InlineData("1234567890123456789")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("")]
    public void Read_SizeThatIsNone_LeavesItOut(string size) =>
        Assert.Null(Read("a", @"\N", size, @"\N", @"\N", @"\N", @"\N", @"\N", @"\N", @"\N", @"\N", @"\N").Bytes);

    [Fact]
    public void Read_RepeatedTexts_AreOneAndFollowTheRows()
    {
        string[] types = ["text/plain", "text/plain", @"\N", "", "text/plain"];
        var read = Array.ConvertAll(types, type => Read("a", @"\N", @"\N", @"\N", @"\N", type, @"\N", @"\N", @"\N", @"\N", @"\N", @"\N").ContentType);

        string?[] expected = ["text/plain", "text/plain", null, "", "text/plain"];
        Assert.Equal<IEnumerable<string?>>(expected, read);
        Assert.Same(read[0], read[1]);
    }

    private StoredObject Read(params string[] fields) => _row.Read(Encoding.UTF8.GetBytes(string.Join('\t', fields)));
}
